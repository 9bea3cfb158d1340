"""Unmet expectations of a test: unmatched messages, and unused rules and faults."""

from collections.abc import Iterator

from mockletta.journal.terminal_text import counted
from mockletta.world.world import World


def unmet_expectations(world: World) -> list[str]:
    """List the messages that no rule of a strict script matched, the rules that never replied and
    the faults that were never applied, each as one text."""
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
        fired = counted(planned.fired, "request")
        yield (
            f"A planned fault was applied to {fired} of {planned.matched} that matched, "
            f"expected {planned.fault.times}: {spelled}"
        )
