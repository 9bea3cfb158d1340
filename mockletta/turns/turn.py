"""One agent turn, as a generator of what it waits for.

It asks the brain for the next step, runs the tools it can, stores the result and emits its events.
It never sleeps, uses no socket and never reads the wall clock.

Messages are stored step by step. A step that fails or is cancelled leaves nothing, not even the
user's message [43, 05], except for the summaries of a compaction [43 overflow messages].
"""

from collections.abc import Sequence
from datetime import datetime

from mockletta.errors import ApiError, Unprocessable
from mockletta.state.message_records import MessageRecord
from mockletta.turns.approvals import read_answers, resume
from mockletta.turns.context.compaction import compact_after_step
from mockletta.turns.context.incoming_messages import NO_MESSAGES, take_in
from mockletta.turns.events import DONE, error_event, ping_event, stop_event, usage_event
from mockletta.turns.model_failures import TurnFailure, as_answered, refused
from mockletta.turns.run_records import close_run, enter_step
from mockletta.turns.turn_state import StepStart, Turn, TurnState
from mockletta.turns.turn_steps import run_status, take_step
from mockletta.turns.usage import with_step
from mockletta.wire.messages import ErrorMessage
from mockletta.wire.stop_reasons import StopReasonType


def run_turn(state: TurnState) -> Turn:
    """Run a turn from its first ping to its end."""
    world, at = state.world, state.world.clock.now()
    if state.delivery.streaming and state.request.include_pings:
        state.emit(ping_event(world.ids, state.run_id, state.log.next_number, at))
    steps = _passing_steps(state, at) if state.must_call_tool else _steps(state, at)
    try:
        yield from steps
    except ApiError as error:
        _fail(state, refused(error))
    except TurnFailure as failure:
        _fail(state, failure)
    else:
        if state.agent.enable_sleeptime:
            from mockletta.turns.sleeptime_helpers import start_helpers  # noqa: PLC0415 - few have any

            yield from start_helpers(state)
        state.emit(stop_event(state.stop_reason))
        state.emit(usage_event(state.reported_usage))
        state.emit(DONE)
        if state.closes_run:
            close_run(world, state.run_id, run_status(state), state.stop_reason)


def _passing_steps(state: TurnState, at: datetime) -> Turn:
    """Take the steps of a turn of an older type. Remove it from the context for good if it fails,
    or if its agent has `message_buffer_autoclear`. Other types keep what was stored [72, 90
    retrieve]."""
    before = list(state.thread.context)
    is_removed = True
    try:
        yield from _steps(state, at)
        is_removed = state.agent.message_buffer_autoclear
    finally:
        if is_removed:
            _leave_context(state, before)


def _leave_context(state: TurnState, before: Sequence[MessageRecord]) -> None:
    """Remove the turn's messages from the context, except for summaries. An agent with
    `message_buffer_autoclear` gets back what was in context `before` the turn."""
    store = state.world.store
    thread = store.find_thread(state.thread_id)
    if thread is None:  # its agent has been deleted
        return
    left = [
        record
        for record in thread.context
        if record.run_id != state.run_id or record.summary is not None
    ]
    returning = before if state.agent.message_buffer_autoclear else ()
    ids = dict.fromkeys([record.id for record in (*returning, *left)])
    thread.set_context(store.messages.existing(ids))


def _steps(state: TurnState, at: datetime) -> Turn:
    """Take the steps of a turn that begins at a time, which is that of its messages."""
    world, request = state.world, state.request
    incoming = request.incoming
    if not incoming:
        raise Unprocessable(NO_MESSAGES)
    response, messages = read_answers(state, incoming)
    pending = take_in(messages, world.ids, at, state.agent.id, state.conversation_id)
    if state.agent.message_buffer_autoclear and response is None:
        state.forgets = True
    going_on = request.max_steps > 0
    taken = 0
    if going_on and response is not None:
        taken = 1
        is_last = request.max_steps == 1
        reason = yield from resume(state, response, is_continued=not pending, is_last=is_last)
        state.stop_reason = reason or StopReasonType.end_turn
        going_on = reason is None
        for message in pending:
            # it stands behind the returns, so it must not be older
            message.created_at = world.clock.now()
    while going_on and not state.is_cancelled:
        taken += 1
        start = StepStart(world.ids.new("step"), world.clock.peek())
        try:
            step = yield from take_step(state, pending, start, is_last=taken >= request.max_steps)
        except GeneratorExit:  # a step that is broken off stays pending [71 C: run steps]
            enter_step(state, start.id, {"status": "pending"})
            raise
        pending = []
        state.usage = with_step(state.usage, step, streams_tokens=state.tokens)
        state.stop_reason = step.stop_reason or StopReasonType.end_turn
        going_on = step.stop_reason is None
        compact_after_step(state, step)
    if going_on and state.is_cancelled:
        state.stop_reason = StopReasonType.cancelled


def _fail(state: TurnState, failure: TurnFailure) -> None:
    """End a turn that failed.

    Before the first chunk the stream ends with [DONE], later without. A background stream never has
    it after an error [43, 20]. In the foreground a run that had begun is `completed`.
    """
    error = failure.event(state.run_id, begun=_is_late(state, failure))
    state.failure = as_answered(state.world, failure.answer)
    if failure.ends_with_event:
        state.emit(stop_event(StopReasonType.error))
    if state.begun and failure.late_stop is not None:
        state.emit(stop_event(failure.late_stop))
    state.emit(stop_event(failure.stop_reason))
    state.emit(error_event(state.log, error))
    if not _is_late(state, failure) and not state.delivery.background:
        state.emit(DONE)
    if state.closes_run:
        _close_failed(state, failure, error)


def _is_late(state: TurnState, failure: TurnFailure) -> bool:
    """Return whether a failure came after the first chunk, which changes how most of them end."""
    return state.begun and failure.late_stop is None


def _close_failed(state: TurnState, failure: TurnFailure, error: ErrorMessage) -> None:
    """Record the end of the run of a failed turn. The record of an agent's own run without a stream
    has no stop reason, and only the error's detail [72 sleeptime *: runs, 43 error 400 runs]."""
    if state.delivery.is_async:
        close_run(state.world, state.run_id, "failed", StopReasonType.error, error.detail)
    elif _is_late(state, failure) and state.delivery.streaming and not state.delivery.background:
        close_run(state.world, state.run_id, "completed", failure.stop_reason)
    elif state.delivery.streaming or not state.delivery.by_agent:
        close_run(state.world, state.run_id, "failed", failure.stop_reason, error.model_dump())
    else:
        close_run(state.world, state.run_id, "failed", None, error.detail)
