"""A world in a few numbers."""

from mockletta.wire.base import Wire
from mockletta.world.credentials import hidden
from mockletta.world.world import World


class WorldSummary(Wire):
    """A world: the first characters of its key, null for the main one, and what is in it."""

    key: str | None
    agents: int
    conversations: int
    entries: int


def summary_of(world: World, key: str | None = None) -> WorldSummary:
    """A world in a few numbers; its key is never shown in full."""
    return WorldSummary(
        key=None if key is None else hidden(key),
        agents=len(world.store.agents),
        conversations=len(world.store.conversations),
        entries=len(world.journal),
    )
