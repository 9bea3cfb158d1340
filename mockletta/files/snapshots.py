"""Keeping what a world was, and going back to it. Callers are within `world.run`.

A turn that is under way cannot be copied: in a snapshot and in a fork its run is cancelled as of
the moment they were taken, and its unfinished step is lost. In the world itself it goes on.
"""

from functools import partial

from mockletta.state.event_log import Event, EventLog
from mockletta.turns.cancelling import cancel_all
from mockletta.world.world import ActiveRun, Snapshot, World


class NoOrigin(RuntimeError):
    """A world is to be reset that nobody said was ready."""

    def __init__(self) -> None:
        super().__init__(
            "This world has no origin to be reset to. Give it one when it is ready: "
            "world.origin = snapshot(world)"
        )


def snapshot(world: World) -> Snapshot:
    """How a world is now, as a value: it can be restored any number of times, in any world.

    Without a seed, ids are no part of it: after it is restored they stay unique.
    """
    parked = world.copy()
    for run_id in world.active:
        cut_off(parked, run_id)
    return Snapshot(parked)


def restore(world: World, taken: Snapshot) -> None:
    """Put a world back; turns under way are cancelled first, those who follow them are told."""
    cancel_all(world)
    world.faults.stalls.end()
    taken.parked.run(partial(world.take_state, taken.parked))
    world.wake()


def reset(world: World) -> None:
    """Put a world back to how it was when it was ready, its journal empty; NoOrigin if nobody said
    when that was."""
    restore(world, _origin_of(world))
    world.journal.clear()


def begun_anew(world: World) -> World:
    """A new world that is as another was when it was ready; NoOrigin if nobody said when."""
    origin = _origin_of(world)
    begun = origin.parked.copy()
    begun.origin = origin
    return begun


def fork(world: World) -> World:
    """A new world that starts as a copy; its origin is how it starts."""
    origin = snapshot(world)
    forked = origin.parked.copy()
    forked.origin = origin
    return forked


def _origin_of(world: World) -> Snapshot:
    if world.origin is None:
        raise NoOrigin
    return world.origin


def cut_off(parked: World, run_id: str) -> None:
    """Cancel in a copy a run that is under way in its original; the log of one in the background
    is its own from then on."""
    from mockletta.turns.driver import abort  # noqa: PLC0415 - turns are not loaded at the start

    kept = parked.logs.by_run.get(run_id)
    log = EventLog(numbered=False) if kept is None else kept.copy()
    if kept is not None:
        parked.logs.by_run[run_id] = log
    over = (item for item in list[Event]())
    parked.active[run_id] = ActiveRun(over, log, None, background=kept is not None)
    abort(parked, run_id)
