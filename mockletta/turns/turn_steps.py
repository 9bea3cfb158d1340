"""One step of a turn: one model call, its events, its tools, its records and its stop reason."""

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace

from mockletta.brain.decisions import Decision
from mockletta.state.clock import spell_date
from mockletta.state.message_records import MessageRecord, SuspendedTurn
from mockletta.state.token_counting import count_tokens
from mockletta.tools.call_arguments import wrong_type_of
from mockletta.tools.tool_rules import ends_turn, still_required
from mockletta.turns.context.context_history import pack_heartbeat
from mockletta.turns.context.system_prompt import forget_turns, spell_time
from mockletta.turns.events import message_event, raw_event
from mockletta.turns.lazy_records import StepOutcome
from mockletta.turns.message_expansion import expand, tool_return_message
from mockletta.turns.model_calls import decide, enter_failure
from mockletta.turns.model_failures import TurnFailure, arguments_failed
from mockletta.turns.older_types import HIDDEN, Continuation, stored
from mockletta.turns.reply_events import ReplyEmitter
from mockletta.turns.run_records import enter_step
from mockletta.turns.tool_calls import NO_CALLS, StepCalls, calls_of, return_message, run_calls
from mockletta.turns.turn_state import Answered, Moment, StepStart, TurnState, Wait
from mockletta.wire.run_parts import RunStatus, StepTimes
from mockletta.wire.stop_reasons import StopReasonType

FAILURES = {
    StopReasonType.error,
    StopReasonType.llm_api_error,
    StopReasonType.invalid_llm_response,
    StopReasonType.insufficient_credits,
}
"""Stop reasons that fail a run."""
REMINDER = f"{HIDDEN}ToolRuleViolated: You must call {{tools}} at least once to exit the loop."


def stop_reason_of(
    state: TurnState,
    decision: Decision,
    calls: StepCalls,
    called: Sequence[str],
    continuation: Continuation | None = None,
    *,
    is_last: bool,
) -> StopReasonType | None:
    """Return the stop reason of a turn after a step; None if the turn continues.

    An agent of an older type has the `continuation` of its call.
    """
    if decision.stop_reason is not None:
        return StopReasonType(decision.stop_reason)
    if calls.requested:
        return StopReasonType.requires_approval
    if continuation is not None:
        return continuation.stop_reason
    if not calls.all:
        return _reason_without_calls(state, decision, is_last=is_last)
    if len(called) == len(calls.all) and may_end(state, called):
        return StopReasonType.tool_rule
    return StopReasonType.max_steps if is_last else None


def _reason_without_calls(
    state: TurnState, decision: Decision, *, is_last: bool
) -> StopReasonType | None:
    if decision.finish == "length" and not state.tokens:
        return StopReasonType.max_tokens_exceeded
    if not missing(state):
        return StopReasonType.end_turn
    return StopReasonType.max_steps if is_last else None


def run_status(state: TurnState) -> RunStatus:
    """Return the status of a run whose turn ended without an error.

    A reply that was cut off fails a run in the background [43].
    """
    if state.stop_reason is StopReasonType.cancelled:
        return "cancelled"
    cut = state.stop_reason is StopReasonType.max_tokens_exceeded and state.delivery.background
    return "failed" if cut or state.stop_reason in FAILURES else "completed"


def missing(state: TurnState) -> list[str]:
    """Return the tools that the turn must still call before it may end."""
    return still_required(state.rules, state.called_tools, state.attached) if state.rules else []


def may_end(state: TurnState, called: Sequence[str]) -> bool:
    """Return whether rules end the turn after these calls of one step and none forbids it."""
    return ends_turn(state.rules, called) and not missing(state)


def _reason_to_go_on(
    state: TurnState,
    calls: StepCalls,
    continuation: Continuation | None,
    stop_reason: StopReasonType | None,
) -> str | None:
    """Return why the turn continues, if the model must know."""
    if continuation is not None:
        return None if calls.requested else continuation.heartbeat
    if stop_reason in REMINDED and not calls.all and missing(state):
        return REMINDER.format(tools=", ".join(missing(state)))
    return None


def heartbeat(state: TurnState, reason: str, step_id: str | None) -> MessageRecord:
    """Return the heartbeat that tells a model why its turn continues.

    Clients see it as a `user_message` [85 required_before_exit: no tool], but not in streams.
    """
    now = state.world.clock.now()
    content = pack_heartbeat(reason, spell_time(now, state.agent.timezone))
    return MessageRecord(
        id=state.world.ids.new("message"),
        role="user",
        created_at=now,
        agent_id=state.agent.id,
        conversation_id=state.conversation_id,
        content=content,
        tokens=count_tokens(content),
        step_id=step_id,
        run_id=state.run_id,
    )


REMINDED = (None, StopReasonType.max_steps)
"""Stop reasons of a step after which the model is reminded of the tools it must call."""
Replied = tuple[MessageRecord, ...]
"""The stored reply of a step, with the returns of its tools."""


def take_step(
    state: TurnState, pending: Sequence[MessageRecord], start: StepStart, *, is_last: bool
) -> Generator[Moment, Answered, StepOutcome]:
    """Take one step. `pending` are the turn's own messages; they are stored with its first step.

    Raises TurnFailure if the model fails; nothing of the step is stored then.
    """
    step_id = start.id
    decision, shown, size = yield from decide(state, pending, start)
    state.record_decision(decision)
    continuation = None
    if state.must_call_tool:
        decision, continuation = stored(state, decision, is_last=is_last)
    calls = calls_of(state, decision)
    before = len(state.called_tools.called)
    reply = _reply(state, decision, step_id)
    request_id = _request_id(state, reply, calls)
    prompt_tokens = size if decision.prompt_tokens is None else decision.prompt_tokens
    emitter = ReplyEmitter(state, reply.id, step_id, spell_date(reply.created_at), request_id)
    try:
        yield from _emitted(state, emitter, decision, calls, continuation)
    except TurnFailure as failure:
        enter_failure(state, start, failure)
        raise
    told = ended = state.world.clock.peek()
    replied = _replied(state, reply, calls, request_id)
    if calls.all and not calls.requested:
        replied = yield from _run_tools(state, calls, replied, step_id)
        ended = replied[-1].created_at
    called = state.called_tools.called[before:]
    stop_reason = stop_reason_of(state, decision, calls, called, continuation, is_last=is_last)
    reason = _reason_to_go_on(state, calls, continuation, stop_reason)
    if reason is not None:
        replied = (*replied, heartbeat(state, reason, step_id))
        if not state.delivery.streaming:
            state.emit(message_event(state.log, expand(replied[-1])[0]))
    if decision.events:
        _emit_raw_events(state, decision)
    _store(state, step_id, pending, len(pending) - len(shown), replied)
    times = StepTimes(start.at, emitter.heard or reply.created_at, told, ended)
    step = StepOutcome(
        step_id, prompt_tokens, reply.tokens, decision.reasoning_tokens, stop_reason, times
    )
    enter_step(state, step_id, step)
    return step


def _emitted(
    state: TurnState,
    emitter: ReplyEmitter,
    decision: Decision,
    calls: StepCalls,
    continuation: Continuation | None,
) -> Iterable[Wait]:
    """Emit a decision, and yield the waits of its pace. Arguments that are not an object make it
    fail, but only after its tokens [85 arguments list]."""
    is_silent = continuation is not None and continuation.is_silent
    wrong = next(filter(None, map(wrong_type_of, calls.written)), None) if calls.all else None
    if wrong is None:
        return emitter.emit(decision, NO_CALLS if is_silent else calls)
    tokens = emitter.emit(decision, calls) if state.tokens and not is_silent else ()
    return _before_failing(tokens, arguments_failed(wrong))


def _before_failing(waits: Iterable[Wait], failure: TurnFailure) -> Iterator[Wait]:
    yield from waits
    raise failure


def _reply(state: TurnState, decision: Decision, step_id: str) -> MessageRecord:
    """Return what the model said, without its calls."""
    reply = MessageRecord(
        state.world.ids.new("message"),
        "assistant",
        state.world.clock.now(),
        state.agent.id,
        state.conversation_id,
        decision.text,
        _completion_tokens(decision),
    )
    reply.reasoning, reply.signature = decision.reasoning, decision.signature
    reply.text_is_thought = state.text_is_thought
    reply.step_id, reply.run_id = step_id, state.run_id
    return reply


def _request_id(state: TurnState, reply: MessageRecord, calls: StepCalls) -> str:
    """Return the id of a request for approval. In a token stream it is the id below the reply's.
    Otherwise it is the reply's own, unless calls that wait beside it have that one [30 call (token
    stream), 33 mixed]."""
    if not calls.requested:
        return reply.id
    if state.tokens:
        return _decremented(reply.id)
    return state.world.ids.new("message") if calls.free else reply.id


def _decremented(message_id: str) -> str:
    prefix, _, uuid = message_id.partition("-")
    digits = f"{(int(uuid.replace('-', ''), 16) - 1) % (1 << 128):032x}"
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join((prefix, *parts))


def _replied(state: TurnState, reply: MessageRecord, calls: StepCalls, request_id: str) -> Replied:
    if not calls.all:
        is_empty = not reply.content and reply.reasoning is None
        return () if is_empty else (reply,)
    if not calls.requested:
        return (replace(reply, tool_calls=calls.all),)
    waiting = SuspendedTurn(
        run_id=state.first_run_id,
        steps=state.steps_taken + 1,
        calls=calls.all,
        scripted=calls.scripted,
        called=state.called_tools.called,
    )
    request = replace(reply, id=request_id, tool_calls=calls.requested, waiting=waiting)
    if not calls.free:
        return (request,)
    along = replace(reply, tool_calls=calls.free, tokens=0, waits_along=True)
    bare = replace(request, content="", reasoning=None, model_text=str(reply.content))
    return along, bare


def _run_tools(
    state: TurnState, calls: StepCalls, replied: Replied, step_id: str
) -> Generator[Moment, Answered, Replied]:
    returned = yield from run_calls(state, calls.all, calls.scripted)
    record = return_message(state, calls.all[0].name, returned, step_id)
    if state.speech is None or record.name != state.speech.tool:
        state.emit(message_event(state.log, tool_return_message(record)))
    return (*replied, record)


def _emit_raw_events(state: TurnState, decision: Decision) -> None:
    """Emit the raw events of a decision. A reply without a stream can only have messages."""
    for text in decision.events:
        if state.delivery.streaming:
            state.emit(raw_event(text))
        elif (message := _as_message(text)) is not None:
            state.emit(raw_event(message))


def _as_message(text: str) -> str | None:
    """Return the JSON of a message on one line; None if a text is not a message."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    is_message = isinstance(value, dict) and "message_type" in value
    return json.dumps(value, ensure_ascii=False) if is_message else None


def _store(
    state: TurnState,
    step_id: str,
    pending: Sequence[MessageRecord],
    hidden: int,
    replied: Replied,
) -> None:
    """Store the turn's own messages and the step's new ones. The first `hidden` are not in context,
    since compaction has summarised them."""
    store, thread = state.world.store, state.thread
    thread.turns += bool(pending)
    if state.forgets:
        forget_turns(thread)
        state.forgets = False
    for index, record in enumerate(pending):
        record.step_id, record.run_id = step_id, state.run_id
        store.add_message(record, thread, in_context=index >= hidden)
    for record in replied:
        store.add_message(record, thread)


def _completion_tokens(decision: Decision) -> int:
    if decision.completion_tokens is not None:
        return decision.completion_tokens
    size = count_tokens(decision.text)
    if decision.reasoning:
        size += count_tokens(decision.reasoning)
    for call in decision.tool_calls:
        size += count_tokens(call.name + call.arguments)
    return size
