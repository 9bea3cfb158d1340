"""A script in force in a world: its rules and its faults."""

from functools import partial

from mockletta.script.script_models import ScriptFile
from mockletta.world.world import World
from mockletta.world.worlds import Worlds


def lay_down(world: World, script: ScriptFile) -> None:
    """Let a world reply by a script instead of the one before, and meet its faults besides those
    that were planned by themselves. BadFault if one is none; nothing has changed then."""
    world.faults.replace(script.faults)
    world.script.replace(script)


class ScriptOfAll:
    """The script of all worlds of a server, and of those that are yet to come."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def replace(self, file: ScriptFile) -> None:
        """Put a file's rules and faults in the place of those from a file, also for when worlds are
        reset. They count from nothing. BadFault if a fault is none; nothing has changed then."""
        for world in self._all():
            world.faults.copy().replace(file.faults)
        for world in self._all():
            world.run(partial(lay_down, world, file))

    def _all(self) -> list[World]:
        """All worlds, and those that are kept as how one of them started, each once."""
        origins = [world.origin.parked for world in self._worlds if world.origin is not None]
        return list(dict.fromkeys([*self._worlds, *origins]))
