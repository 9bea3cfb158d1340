"""Running the calls of a step, and the message their returns are stored as."""

from collections.abc import Collection, Generator, Iterable, Sequence
from typing import NamedTuple

from mockletta.state.message_records import MessageRecord, count_tokens
from mockletta.tools.agent_messaging import RELAY_TOOLS, run_relay_tool
from mockletta.tools.arguments import parse_arguments
from mockletta.tools.returns import ToolOutcome, function_response, truncated
from mockletta.tools.rules import allowed, prefilled
from mockletta.tools.running import run_by_name
from mockletta.turns.message_expansion import return_text
from mockletta.turns.system_prompt import spell_time
from mockletta.turns.turn_state import Answered, Moment, TurnState
from mockletta.wire.messages import ToolCall, ToolReturn
from mockletta.wire.tools import Tool

NOT_FOUND = "Tool not found"


class Returned(NamedTuple):
    """A call's return as clients are shown it and, where that differs, as a model is sent it."""

    shown: ToolReturn
    sent: object | None = None


def run_calls(
    state: TurnState,
    calls: Sequence[ToolCall],
    laid_down: Iterable[ToolReturn],
    *,
    approved: Collection[ToolCall] = (),
) -> Generator[Moment, Answered, list[Returned]]:
    """Answer calls, each by what is laid down for it or else by its tool.

    A call that was `approved` is held by no rule; if the agent does not have its tool, that is not
    found [30 approve instead of return]. Any other such call is refused.
    """
    known = {item.tool_call_id: item for item in laid_down}
    tools = {tool.name: tool for tool in state.world.store.tools_of(state.agent.id)}
    returned = []
    for call in calls:
        tool = tools.get(call.name)
        laid = known.get(call.tool_call_id)
        outcome = yield from _outcome(state, call, tool, laid, call in approved)
        if outcome is None:
            outcome = _refusal(call, allowed(state.rules, state.course, tools))
        else:
            state.course = state.course.after(call.name, outcome.text)
        limit = tool.return_char_limit if tool else None
        returned.append(_returned(call, outcome, limit))
    return returned


def _outcome(
    state: TurnState,
    call: ToolCall,
    tool: Tool | None,
    laid_down: ToolReturn | None,
    is_approved: bool,
) -> Generator[Moment, Answered, ToolOutcome | None]:
    """How a call ended; None if the turn may not make it."""
    if not is_approved and not allowed(state.rules, state.course, [call.name]):
        return None
    if laid_down is not None:
        return _as_laid_down(laid_down, is_custom=tool is None or tool.tool_type == "custom")
    if tool is None:
        return ToolOutcome(NOT_FOUND, "error") if is_approved else None
    given = parse_arguments(call.arguments)
    arguments = {**given, **prefilled(state.rules, state.course, call.name)}
    if call.name in RELAY_TOOLS and state.world.functions.find(call.name) is None:
        return (yield from run_relay_tool(call.name, arguments, state))
    return run_by_name(state.world, state.agent, state.conversation, call.name, arguments)


def _refusal(call: ToolCall, valid: list[str]) -> ToolOutcome:
    text = f"[ToolConstraintError] Cannot call {call.name}, valid tools include: {valid}."
    return ToolOutcome(text, "error")


def return_message(
    state: TurnState, name: str | None, returned: Sequence[Returned], step_id: str | None
) -> MessageRecord:
    """The message that holds a step's returns; a model is sent each by itself."""
    now = state.world.clock.now()
    when = spell_time(now, state.agent.timezone)
    *earlier, last = [_sent(item, when) for item in returned]
    return MessageRecord(
        id=state.world.ids.new("message"),
        role="tool",
        created_at=now,
        agent_id=state.agent.id,
        conversation_id=state.conversation_id,
        content=return_text(returned[-1].shown),
        tokens=sum(count_tokens(return_text(item.shown)) for item in returned),
        tool_returns=tuple(item.shown for item in returned),
        model_text=last,
        earlier_texts=tuple(earlier),
        name=name,
        step_id=step_id,
        run_id=state.run_id,
    )


def _sent(returned: Returned, when: str) -> str:
    text = return_text(returned.shown)
    sent = returned.sent if isinstance(returned.sent, dict) else text
    return function_response(returned.shown.status, sent, when)


def _as_laid_down(result: ToolReturn, *, is_custom: bool) -> ToolOutcome:
    """Output is an empty list where a sandbox would have caught some, null otherwise [32, 56]."""
    nothing = () if is_custom else None
    return ToolOutcome(
        return_text(result),
        result.status,
        stdout=tuple(result.stdout or ()) or nothing,
        stderr=tuple(result.stderr or ()) or nothing,
    )


def _returned(call: ToolCall, outcome: ToolOutcome, limit: int | None) -> Returned:
    shown = ToolReturn(
        tool_return=truncated(outcome.text, limit) if limit else outcome.text,
        status=outcome.status,
        tool_call_id=call.tool_call_id,
        stdout=None if outcome.stdout is None else list(outcome.stdout),
        stderr=None if outcome.stderr is None else list(outcome.stderr),
    )
    return Returned(shown, outcome.data)
