"""What a test left undone, although its app may have swallowed every error: one text for each."""

from mockletta.world import World


def undone(world: World) -> list[str]:
    """Messages that no rule of a strict script matched."""
    return [entry.unscripted for entry in world.journal if entry.unscripted is not None]
