"""A script in force in a world: its rules and its faults."""

from mockletta.script.models import ScriptFile
from mockletta.world import World
from mockletta.worlds import Worlds


def lay_down(world: World, script: ScriptFile) -> None:
    """Let a world reply by a script instead of the one before, and meet its faults besides those
    that are planned. BadFault if one is none; nothing has changed then."""
    with world.lock:
        for plan in (world.faults.copy(), world.faults):
            for fault in script.faults:
                plan.add(fault)
        world.script.replace(script)


class ScriptOfAll:
    """The script of all worlds of a server, and of those that are yet to come."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def replace(self, file: ScriptFile) -> None:
        """Put a file's rules in the place of those from a file, also for when worlds are reset."""
        for world in self._worlds:
            with world.lock:
                world.script.replace(file)
                if world.origin is not None:
                    world.origin.parked.script.replace(file)
