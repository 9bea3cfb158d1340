"""One step of a turn: one model call, what is told of it, its tools, and what is stored."""

from collections.abc import Generator, Sequence
from typing import NamedTuple

from mockletta.brain.decisions import Decision, MemoryBlock, ModelCall, ModelFailure
from mockletta.errors import ApiError
from mockletta.state.clock import spell_date
from mockletta.state.records import MessageRecord, count_tokens
from mockletta.turns.compaction import compact_on_overflow, oversized_system
from mockletta.turns.events import Event, Pause, message_event
from mockletta.turns.expansion import expand
from mockletta.turns.failures import TurnFailure, model_failed
from mockletta.turns.history import History
from mockletta.turns.injected import fail_if_planned, with_planned_break
from mockletta.turns.prompts import spell_time
from mockletta.turns.replies import Teller
from mockletta.turns.runs import enter_failed_step, enter_step, new_step
from mockletta.turns.tool_returns import ToolOutcome, function_response, truncated
from mockletta.turns.tools import run_tool
from mockletta.turns.turn_state import TurnState
from mockletta.wire.messages import ToolCall, ToolReturn
from mockletta.wire.replies import StopReasonType

ENDING_RULE = "exit_loop"
MAX_COMPACTIONS = 3


class Step(NamedTuple):
    """How a step went: no stop reason means that the turn goes on. Sizes in tokens."""

    id: str
    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int
    stop_reason: StopReasonType | None


def take_step(
    state: TurnState, pending: Sequence[MessageRecord], *, is_last: bool
) -> Generator[Event | Pause, None, Step]:
    """Take one step. `pending` are the turn's own messages, stored with its first step.

    Raises TurnFailure if the model fails; nothing of the step is stored then.
    """
    world = state.world
    step_id = world.ids.new("step")
    decision, shown = yield from _decide(state, pending, step_id)
    now = world.clock.now()
    calls = _kept_calls(state, decision)
    reply = MessageRecord(
        id=world.ids.new("message"),
        role="assistant",
        created_at=now,
        agent_id=state.agent.id,
        conversation_id=state.conversation_id,
        content=decision.text,
        tokens=_completion_tokens(decision),
        reasoning=decision.reasoning,
        signature=decision.signature,
        tool_calls=calls,
        step_id=step_id,
        run_id=state.run_id,
    )
    prompt_tokens = _prompt_tokens(state, shown, decision)
    try:
        yield from Teller(state, reply.id, step_id, spell_date(now)).tell(decision, calls)
    except TurnFailure as failure:
        _enter_failure(state, step_id, failure)
        raise
    new = [reply] if decision.text or decision.reasoning is not None or calls else []
    if calls:
        returned = _run_tools(state, calls, step_id)
        new.append(returned)
        yield message_event(expand(returned)[0])
    _store(state, step_id, pending, len(pending) - len(shown), new)
    step = Step(
        step_id,
        prompt_tokens,
        reply.tokens,
        decision.reasoning_tokens,
        _stop_reason(state, decision, calls, is_last=is_last),
    )
    enter_step(
        world,
        new_step(step_id, state.run_id, state.agent.id, state.llm),
        prompt_tokens=step.prompt_tokens,
        completion_tokens=step.completion_tokens,
        reasoning_tokens=step.reasoning_tokens,
        stop_reason=step.stop_reason,
    )
    return step


def _store(
    state: TurnState,
    step_id: str,
    pending: Sequence[MessageRecord],
    hidden: int,
    new: Sequence[MessageRecord],
) -> None:
    """Store the turn's own messages and the step's new ones; the first `hidden` are out of
    context, since compaction has summed them up."""
    state.thread.turns += bool(pending)
    for record in pending:
        record.step_id, record.run_id = step_id, state.run_id
    for index, record in enumerate((*pending, *new)):
        state.world.store.add_message(record, state.thread, in_context=index >= hidden)


def _decide(
    state: TurnState, pending: Sequence[MessageRecord], step_id: str
) -> Generator[Event | Pause, None, tuple[Decision, Sequence[MessageRecord]]]:
    """What the model decides, and what of `pending` it was shown: compaction can hide some."""
    compactions = 0
    while True:
        try:
            fail_if_planned(state)
            return with_planned_break(state, _decision(state, pending)), pending
        except ModelFailure as failure:
            reducible = failure.kind == "overflow" and state.thread.context
            is_final = not reducible or compactions == MAX_COMPACTIONS
            failed = model_failed(failure) if is_final else oversized_system(state)
            if failed is not None:
                _enter_failure(state, step_id, failed)
                raise failed from failure
        compactions += 1
        pending = yield from compact_on_overflow(state, step_id, pending)


def _decision(state: TurnState, pending: Sequence[MessageRecord]) -> Decision:
    try:
        decision = state.world.brain.decide(_model_call(state, pending))
    except ApiError as error:
        state.note_unscripted(error)
        raise
    state.note_rule(decision.rule)
    return decision


def _model_call(state: TurnState, pending: Sequence[MessageRecord]) -> ModelCall:
    store = state.world.store
    context = state.thread.context
    blocks = store.blocks_in(state.conversation, state.agent.id)
    return ModelCall(
        purpose="reply",
        model=state.llm.handle or state.llm.model,
        system=_system(state),
        messages=History(store.messages, context, pending),
        blocks=tuple(
            [
                MemoryBlock(block.label, block.value, block.description, block.read_only)
                for block in blocks
            ]
        ),
        tools=tuple([tool.name for tool in store.tools_of(state.agent.id)]),
        skills=state.skills,
        agent_name=state.agent.name,
        agent_id=state.agent.id,
        agent_tags=tuple(state.agent.tags),
        conversation_id=state.conversation_id,
        run_id=state.run_id,
        turn=state.thread.turns + bool(pending),
        step=state.usage.step_count + 1,
        now=state.world.clock.now(),
    )


def _system(state: TurnState) -> str:
    if state.request.override_system is not None:
        return state.request.override_system
    context = state.thread.context
    first = state.world.store.messages.find(context[0]) if context else None
    return str(first.content) if first and first.role == "system" else state.agent.system


def _kept_calls(state: TurnState, decision: Decision) -> tuple[ToolCall, ...]:
    """The calls that are run: without parallel tool calls only the first [31]."""
    calls = decision.tool_calls
    if not state.llm.parallel_tool_calls:
        calls = calls[:1]
    return tuple(
        ToolCall(name=call.name, arguments=call.arguments, tool_call_id=call.id) for call in calls
    )


def _run_tools(state: TurnState, calls: Sequence[ToolCall], step_id: str) -> MessageRecord:
    world = state.world
    outcomes = [run_tool(world, state.agent, state.conversation, call) for call in calls]
    now = world.clock.now()
    when = spell_time(now, state.agent.timezone)
    returns = tuple(
        _tool_return(state, call, outcome) for call, outcome in zip(calls, outcomes, strict=True)
    )
    last = outcomes[-1]
    shown = last.data if last.data is not None else returns[-1].tool_return
    text = function_response(last.status, shown, when)
    return MessageRecord(
        id=world.ids.new("message"),
        role="tool",
        created_at=now,
        agent_id=state.agent.id,
        conversation_id=state.conversation_id,
        content=returns[-1].tool_return,
        tokens=sum(count_tokens(item.tool_return) for item in returns),
        tool_returns=returns,
        model_text=text,
        name=calls[0].name,
        step_id=step_id,
        run_id=state.run_id,
    )


def _tool_return(state: TurnState, call: ToolCall, outcome: ToolOutcome) -> ToolReturn:
    tool = state.world.store.tool_named(call.name)
    limit = tool.return_char_limit if tool else None
    return ToolReturn(
        tool_return=truncated(outcome.text, limit) if limit else outcome.text,
        status=outcome.status,
        tool_call_id=call.tool_call_id,
        stderr=list(outcome.stderr) if outcome.stderr else None,
    )


def _stop_reason(
    state: TurnState, decision: Decision, calls: Sequence[ToolCall], *, is_last: bool
) -> StopReasonType | None:
    if not calls:
        cut = decision.finish == "length" and not state.tokens
        return StopReasonType.max_tokens_exceeded if cut else StopReasonType.end_turn
    ending = {rule.tool_name for rule in state.agent.tool_rules or [] if rule.type == ENDING_RULE}
    if any(call.name in ending for call in calls):
        return StopReasonType.tool_rule
    return StopReasonType.max_steps if is_last else None


def _completion_tokens(decision: Decision) -> int:
    if decision.completion_tokens is not None:
        return decision.completion_tokens
    calls = sum(count_tokens(call.name + call.arguments) for call in decision.tool_calls)
    return count_tokens(decision.reasoning or "") + count_tokens(decision.text) + calls


def _prompt_tokens(state: TurnState, pending: Sequence[MessageRecord], decision: Decision) -> int:
    if decision.prompt_tokens is not None:
        return decision.prompt_tokens
    return state.thread.tokens + sum(record.tokens for record in pending)


def _enter_failure(state: TurnState, step_id: str, failure: TurnFailure) -> None:
    step = new_step(step_id, state.run_id, state.agent.id, state.llm)
    enter_failed_step(state.world, step, failure)
