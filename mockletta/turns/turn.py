"""One agent turn, as a generator of events and pauses.

It asks the brain for the next step, runs the tools it can, stores what came of it and yields what
is told of it. It never sleeps, never touches a socket, never reads the wall clock. Messages are
stored step by step: a step that fails or is cancelled leaves nothing, also not the user's message
[43, 05], but for the summaries it made room with [43 overflow messages].
"""

from collections.abc import Iterable

from mockletta.errors import ApiError, Unprocessable
from mockletta.turns.compaction import compact_after_step
from mockletta.turns.events import (
    Pause,
    done_event,
    error_event,
    ping_event,
    stop_event,
    usage_event,
)
from mockletta.turns.failures import TurnFailure, refused
from mockletta.turns.intake import NO_MESSAGES, take_in
from mockletta.turns.runs import close_run
from mockletta.turns.steps import Step, take_step
from mockletta.turns.turn_state import Turn, TurnState
from mockletta.wire.replies import ErrorMessage, StopReasonType, UsageStatistics
from mockletta.wire.runs import RunStatus

ALWAYS_SENT = {"ping", "stop_reason", "usage_statistics", "error_message", "done"}


def run_turn(state: TurnState) -> Turn:
    """The turn, from its first ping to its end."""
    wanted = state.request.include_return_message_types
    if wanted is None or (not wanted and not state.streaming):
        return _told(state)
    return _only(wanted, _told(state))


def _only(wanted: Iterable[str], turn: Turn) -> Turn:
    kinds = ALWAYS_SENT | set(wanted)
    for item in turn:
        if isinstance(item, Pause) or item.kind in kinds:
            yield item


def _told(state: TurnState) -> Turn:
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
    """How a run that went well is called: a cut-off reply is a failure in the background [43]."""
    cut = state.stop_reason is StopReasonType.max_tokens_exceeded
    return "failed" if cut and state.background else "completed"


def _steps(state: TurnState) -> Turn:
    world, request = state.world, state.request
    incoming = request.incoming
    if not incoming:
        raise Unprocessable(NO_MESSAGES)
    pending = take_in(incoming, world.ids, world.clock.now(), state.agent.id, state.conversation_id)
    going_on = request.max_steps > 0
    taken = 0
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
