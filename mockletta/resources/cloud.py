"""What only Letta Cloud has."""

from mockletta.errors import NotFound
from mockletta.quirks import NO_CLOUD
from mockletta.world import World


def cloud_only(world: World, operation: str) -> None:
    """The gate before operations of Letta Cloud: an open server has no such routes [67]."""
    on = NO_CLOUD in world.quirks
    world.quirks.tell(NO_CLOUD, operation, "as Letta Cloud does" if on else "a 404")
    if on:
        raise NotFound("Not Found")
