"""Replaces the script of a world, or of all worlds: its rules, faults, models and providers."""

from functools import partial

from mockletta.api.providers import create_provider
from mockletta.script.script_models import ScriptFile
from mockletta.wire.providers import CreateProvider
from mockletta.world.world import World
from mockletta.world.worlds import Worlds


def replace_script(world: World, script: ScriptFile) -> None:
    """Replace a world's script and the faults of the previous script. Faults that were planned
    otherwise remain, and so do providers.

    Raises BadFault for an invalid fault; nothing has changed then.
    """
    world.faults.replace(script.faults)
    world.script.replace(script)
    for provider in script.providers:
        if not any(
            row.name == provider.name and not row.is_deleted for row in world.store.providers
        ):
            create_provider(world, CreateProvider(**provider.model_dump()))


class SharedScript:
    """The script that all worlds of a server share, including future worlds."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def replace(self, file: ScriptFile) -> None:
        """Replace the script of every world, and of the snapshots that worlds are reset to. Counts
        of uses start again.

        Raises BadFault for an invalid fault; nothing has changed then.
        """
        for world in self._all():
            world.faults.copy().replace(file.faults)
        for world in self._all():
            world.run(partial(replace_script, world, file))

    def _all(self) -> list[World]:
        """Return all worlds and the snapshots that they are reset to, each once."""
        origins = [world.origin.parked for world in self._worlds if world.origin is not None]
        return list(dict.fromkeys([*self._worlds, *origins]))
