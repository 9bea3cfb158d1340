"""One agent turn, as a generator of events and pauses.

It asks the brain for the next step, runs the tools it can, stores what came of it and yields what
is told of it. It never sleeps, never touches a socket, never reads the wall clock. Messages are
stored step by step: a step that fails or is cancelled leaves nothing, also not the user's message
[43, 05], but for the summaries it made room with [43 overflow messages].
"""

from mockletta.errors import ApiError, Unprocessable
from mockletta.turns.approvals import read_answers, resume
from mockletta.turns.compaction import compact_after_step
from mockletta.turns.events import (
    done_event,
    error_event,
    ping_event,
    stop_event,
    usage_event,
)
from mockletta.turns.incoming_messages import NO_MESSAGES, take_in
from mockletta.turns.model_failures import TurnFailure, refused
from mockletta.turns.run_records import close_run
from mockletta.turns.steps import Step, take_step
from mockletta.turns.turn_state import Turn, TurnState
from mockletta.wire.replies import ErrorMessage, StopReasonType, UsageStatistics
from mockletta.wire.runs import RunStatus

BROKEN = {
    StopReasonType.error,
    StopReasonType.llm_api_error,
    StopReasonType.invalid_llm_response,
    StopReasonType.insufficient_credits,
}


def run_turn(state: TurnState) -> Turn:
    """The turn, from its first ping to its end."""
    state.run_turn = run_turn
    if state.streaming and state.request.include_pings:
        yield ping_event(state.world, state.run_id)
    try:
        yield from _steps(state)
    except ApiError as error:
        yield from _fail(state, refused(error))
    except TurnFailure as failure:
        yield from _fail(state, failure)
    else:
        yield stop_event(state.stop_reason)
        yield usage_event(state.usage)
        yield done_event()
        if state.completes_run:
            close_run(state.world, state.run_id, _status(state), state.stop_reason)


def _status(state: TurnState) -> RunStatus:
    """How a run that was not broken off is called: a cut-off reply is a failure in the background
    [43], and a stop reason that a decision gave means what it says."""
    if state.stop_reason is StopReasonType.cancelled:
        return "cancelled"
    cut = state.stop_reason is StopReasonType.max_tokens_exceeded and state.background
    return "failed" if cut or state.stop_reason in BROKEN else "completed"


def _steps(state: TurnState) -> Turn:
    world, request = state.world, state.request
    incoming = request.incoming
    if not incoming:
        raise Unprocessable(NO_MESSAGES)
    response, messages = read_answers(state, incoming)
    pending = take_in(messages, world.ids, world.clock.now(), state.agent.id, state.conversation_id)
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
    while going_on:
        taken += 1
        step = yield from take_step(state, pending, is_last=taken >= request.max_steps)
        pending = []
        _count(state, step)
        state.stop_reason = step.stop_reason or StopReasonType.end_turn
        going_on = step.stop_reason is None
        yield from compact_after_step(state, step)


def _count(state: TurnState, step: Step) -> None:
    usage = state.usage
    prompt = usage.prompt_tokens + step.prompt_tokens
    completion = usage.completion_tokens + step.completion_tokens
    state.usage = UsageStatistics.trusted(
        completion_tokens=completion,
        prompt_tokens=prompt,
        total_tokens=prompt + completion,
        step_count=usage.step_count + 1,
        reasoning_tokens=(usage.reasoning_tokens or 0) + step.reasoning_tokens,
        cache_write_tokens=None if state.tokens else 0,
        context_tokens=step.prompt_tokens + step.completion_tokens,
    )


def _fail(state: TurnState, failure: TurnFailure) -> Turn:
    """A failure before the first chunk ends with [DONE], a later one without; a background stream
    never has it after an error [43, 20]. In the foreground a run that had begun is `completed`."""
    error = failure.event(state.run_id, begun=state.begun)
    state.failure = failure.answer
    if failure.told_twice:
        yield stop_event(StopReasonType.error)
    yield stop_event(failure.stop_reason)
    yield error_event(error)
    if not state.begun and not state.background:
        yield done_event()
    if state.completes_run:
        _close_failed(state, failure.stop_reason, error)


def _close_failed(state: TurnState, reason: StopReasonType, error: ErrorMessage) -> None:
    if state.is_async:
        close_run(state.world, state.run_id, "failed", StopReasonType.error, error.detail)
    elif state.begun and state.streaming and not state.background:
        close_run(state.world, state.run_id, "completed", reason)
    else:
        close_run(state.world, state.run_id, "failed", reason, error.model_dump())
