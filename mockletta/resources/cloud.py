"""What only Letta Cloud has."""

from mockletta.errors import NotFound
from mockletta.world.quirks import NO_CLOUD
from mockletta.world.world import World


def cloud_only(world: World, operation: str) -> None:
    """The gate before operations of Letta Cloud: an open server has no such routes [67]."""
    on = NO_CLOUD in world.quirks
    world.quirks.tell(NO_CLOUD, operation, "as Letta Cloud does" if on else "a 404")
    if on:
        raise NotFound("Not Found")


def header(world: World, wanted: bytes) -> str | None:
    """What a header of the request that is being answered says; names are in lower case."""
    headers = world.exchange.entry.headers if world.exchange else []
    return next((value.decode("latin-1") for name, value in headers if name == wanted), None)
