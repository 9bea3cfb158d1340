"""Worlds read from state files."""

from pathlib import Path

from mockletta.files.state_file import StateFile
from mockletta.world.world import World


def reloaded(path: str, world: World | None = None) -> World:
    """The world that a file keeps, in a world of its own."""
    world = world or World()
    with StateFile(path) as file:
        file.attach(world)
    return world


def copied(path: str) -> World:
    """The world that a file keeps that is in use."""
    copy = Path(f"{path}.copy")
    copy.write_bytes(Path(path).read_bytes())
    world = reloaded(str(copy))
    copy.unlink()
    return world
