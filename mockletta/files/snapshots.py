"""Snapshots in memory: take, restore, reset and fork a world. Call these within `world.run`.

A turn in progress cannot be copied: in a snapshot and in a fork its run is cancelled, and its
unfinished step is lost. In the world itself it continues.
"""

from functools import partial

from mockletta.state.event_log import Event, EventLog
from mockletta.turns.cancelling import abort, abort_all
from mockletta.world.world import ActiveRun, Snapshot, World


class NoOrigin(RuntimeError):
    """The world has no origin to reset to."""

    def __init__(self) -> None:
        super().__init__(
            "This world has no origin to be reset to. Set it when the world is ready: "
            "world.origin = snapshot(world)"
        )


def snapshot(world: World) -> Snapshot:
    """Return the state of a world as a value that can be restored any number of times, in any
    world.

    Without a seed, the id generator is not part of it, so that ids stay unique after a restore.
    """
    parked = world.copy()
    for run_id in world.active:
        cancel_copied_run(parked, run_id)
    return Snapshot(parked)


def restore(world: World, taken: Snapshot) -> None:
    """Restore a world. Turns in progress are cancelled first, and their readers are woken."""
    abort_all(world)
    world.faults.stalls.end()
    taken.parked.run(partial(world.take_state, taken.parked))
    if world.before_restore is not None:
        world.restored = taken
    world.wake()


def reset(world: World) -> None:
    """Restore a world's origin and clear its journal. Raises NoOrigin if it has none."""
    restore(world, _origin_of(world))
    world.journal.clear()


def new_from_origin(world: World) -> World:
    """Return a new world with the origin of another. Raises NoOrigin if it has none."""
    origin = _origin_of(world)
    begun = origin.parked.copy()
    begun.origin = origin
    return begun


def fork(world: World) -> World:
    """Return a new world that starts as a copy. Its origin is this start."""
    origin = snapshot(world)
    forked = origin.parked.copy()
    forked.origin = origin
    return forked


def _origin_of(world: World) -> Snapshot:
    if world.origin is None:
        raise NoOrigin
    return world.origin


def cancel_copied_run(parked: World, run_id: str) -> None:
    """Cancel a run in a copy that is in progress in the original. The copy of a background run gets
    its own log."""
    kept = parked.logs.by_run.get(run_id)
    log = EventLog(numbered=False) if kept is None else kept.copy()
    if kept is not None:
        parked.logs.by_run[run_id] = log
    over = (item for item in list[Event]())
    parked.active[run_id] = ActiveRun(over, log, None, background=kept is not None)
    abort(parked, run_id)
