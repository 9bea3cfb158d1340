"""Cancels runs: one run for a client, one at once, or all runs of a world.

The modules that close a run are not loaded at the start of a server. They are loaded with the first
cancelled run.
"""

from mockletta.state.event_log import EventLog
from mockletta.world.world import ActiveRun, World


def cancel(world: World, run_id: str) -> bool:
    """Cancel a run for a client. Return False if it is not active.

    A step whose tokens are streamed is lost. Any other step is completed and stored: the stream
    ends at once [71 D], an async run ends after the step [71 F]. A call of an awaited brain is
    cancelled.
    """
    active = world.active.get(run_id)
    if active is None or active.is_cancelled:
        return False
    if active.is_consulting or not active.finishes_step:
        return abort(world, run_id)
    active.is_cancelled = True
    is_streamed = world.store.runs.get(run_id).status == "running"
    if is_streamed:
        _emit_cancelled(active)
        _unlock(world, run_id, active)
        active.log.finish_reading()
    _close_cancelled(world, run_id)
    return True


def abort(world: World, run_id: str) -> bool:
    """End a run at once. Its unfinished step is lost [05]. Return False if it is not active."""
    active = world.active.get(run_id)
    if active is None:
        return False
    active.turn.close()
    _emit_cancelled(active)
    end_run(world, run_id, active.log)
    _close_cancelled(world, run_id)
    return True


def fail_deleted(world: World, run_id: str) -> None:
    """End a run whose agent is deleted: it fails, since its step is gone [88 agent deleted
    beside]."""
    active = world.active.get(run_id)
    if active is None:
        return
    active.turn.close()
    _emit_failure(world, run_id, active)
    end_run(world, run_id, active.log)


def abort_all(world: World) -> None:
    """End all runs of a world at once. Call this under the world's lock."""
    for run_id in list(world.active):
        abort(world, run_id)


def end_run(world: World, run_id: str, log: EventLog) -> None:
    """Remove a run from the active ones, unlock its thread and finish its log."""
    active = world.active.pop(run_id, None)
    if active is not None:
        _unlock(world, run_id, active)
    log.finish()


def _unlock(world: World, run_id: str, active: ActiveRun) -> None:
    if active.lock is not None and world.busy.get(active.lock) == run_id:
        del world.busy[active.lock]


def _emit_cancelled(active: ActiveRun) -> None:
    from mockletta.turns.events import DONE, stop_event  # noqa: PLC0415 - see the top
    from mockletta.wire.stop_reasons import StopReasonType  # noqa: PLC0415 - see the top

    active.log.append(stop_event(StopReasonType.cancelled))
    if active.background:
        active.log.append(DONE)


def _emit_failure(world: World, run_id: str, active: ActiveRun) -> None:
    from mockletta.turns.events import DONE, error_event, stop_event  # noqa: PLC0415 - see the top
    from mockletta.turns.model_failures import deleted_step  # noqa: PLC0415 - see the top

    begun = any(event.kind != "ping" for event in active.log.events)
    steps = world.store.steps.all(("run_id", run_id))
    failure = deleted_step(steps[-1].id if steps else "of the agent")
    active.log.failure = failure.answer
    active.log.append(stop_event(failure.stop_reason))
    active.log.append(error_event(active.log, failure.event(run_id, begun=begun)))
    if not begun and not active.background:
        active.log.append(DONE)


def _close_cancelled(world: World, run_id: str) -> None:
    from mockletta.turns.run_records import close_run  # noqa: PLC0415 - see the top
    from mockletta.wire.stop_reasons import StopReasonType  # noqa: PLC0415 - see the top

    close_run(world, run_id, "cancelled", StopReasonType.cancelled)
