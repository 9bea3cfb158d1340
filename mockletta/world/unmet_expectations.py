"""What a test left undone, although its app may have swallowed every error: one text for each."""

from collections.abc import Iterator

from mockletta.journal.terminal_text import counted
from mockletta.world.world import World


def unmet_expectations(world: World) -> list[str]:
    """Messages that no rule of a strict script matched, rules that never replied, and faults that
    never struck."""
    return [*_unscripted(world), *_unused(world), *_unfired(world)]


def _unscripted(world: World) -> Iterator[str]:
    for entry in world.journal.unscripted:
        yield f"#{entry.number} was unscripted: {entry.unscripted}"


def _unused(world: World) -> Iterator[str]:
    for use in world.script.unused if world.has_script else ():
        yield f"{use.label} never replied"


def _unfired(world: World) -> Iterator[str]:
    for planned in world.faults.unfired:
        spelled = ", ".join(f"{name}={value!r}" for name, value in planned.fault.spelled().items())
        yield (
            f"A planned fault struck {counted(planned.fired, 'request')} of {planned.matched} that "
            f"matched, expected {planned.fault.times}: {spelled}"
        )
