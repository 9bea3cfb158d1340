"""The tool calls of a step: which run at once, which wait for the client, and their returns.

If one call waits, for approval or because the client runs its tool, the step's other calls wait
too. All of them run when the client has answered [33 mixed parallel].
"""

from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from mockletta.brain.decisions import Decision, ToolResult
from mockletta.brain.decisions import ToolCall as Wanted
from mockletta.state.message_records import MessageRecord
from mockletta.state.token_counting import count_tokens
from mockletta.tools.call_arguments import own_arguments, parse_arguments
from mockletta.tools.context import ToolContext
from mockletta.tools.returns import ToolOutcome, function_response, truncated
from mockletta.tools.running import awaited_call, run_tool, sends_messages
from mockletta.tools.tool_rules import allowed, broken_rules, prefilled
from mockletta.turns.context.system_prompt import recompile_connected, recompile_own, spell_time
from mockletta.turns.message_expansion import return_text
from mockletta.turns.turn_state import Answered, AwaitAnswer, Moment, TurnState
from mockletta.wire.message_content import ToolCall, ToolReturn
from mockletta.wire.tools import Tool

APPROVAL_RULE = "requires_approval"
NOTHING = "{}"
HINT = "\n** Hint: Possible rules that were violated:"
NOT_FOUND = "Tool not found"


class StepCalls(NamedTuple):
    """A step's calls in the model's order, those that wait for the client, and scripted returns.

    `written` are the arguments as the model wrote them. A call has an empty object instead of
    arguments that are not a JSON object [32 arguments not json].
    """

    all: tuple[ToolCall, ...] = ()
    written: tuple[str, ...] = ()
    requested: tuple[ToolCall, ...] = ()
    scripted: tuple[ToolReturn, ...] = ()

    @property
    def free(self) -> tuple[ToolCall, ...]:
        return tuple(call for call in self.all if call not in self.requested)


NO_CALLS = StepCalls()


def calls_of(state: TurnState, decision: Decision) -> StepCalls:
    """Return the calls of a decision; only the first without parallel tool calls [31]."""
    wanted = decision.tool_calls
    if not state.llm.parallel_tool_calls:
        wanted = wanted[:1]
    if not wanted:
        return NO_CALLS
    wanted = tuple(call if call.id else replace(call, id=_new_id(state)) for call in wanted)
    calls = [(_as_wire(state, call), _waits(state, call)) for call in wanted]
    return StepCalls(
        all=tuple(call for call, _ in calls),
        written=tuple(call.arguments for call in wanted),
        requested=tuple(call for call, waits in calls if waits),
        scripted=tuple(_scripted_return(call.id, call.result) for call in wanted if call.result),
    )


def _new_id(state: TurnState) -> str:
    """Return an id for a call whose brain sets none."""
    return f"call_{state.world.ids.uuid().replace('-', '')[:24]}"


def _as_wire(state: TurnState, call: Wanted) -> ToolCall:
    """Return a call as it is stored. Arguments that are no object become an empty one, except in a
    call that waits."""
    if _waits(state, call):
        return ToolCall(name=call.name, arguments=call.arguments, tool_call_id=call.id)
    is_object = call.arguments == NOTHING or bool(parse_arguments(call.arguments))
    arguments = call.arguments if is_object else NOTHING
    if not state.must_call_tool:
        arguments = own_arguments(arguments)
    return ToolCall(name=call.name, arguments=arguments, tool_call_id=call.id)


def _waits(state: TurnState, call: Wanted) -> bool:
    if call.needs_approval or (call.result is None and call.name in state.client_tools):
        return True
    return any(
        rule.type == APPROVAL_RULE and rule.tool_name == call.name
        for rule in state.agent.tool_rules or []
    )


def _scripted_return(call_id: str, result: ToolResult) -> ToolReturn:
    return ToolReturn(
        tool_return=result.value,
        status=result.status,
        tool_call_id=call_id,
        stdout=list(result.stdout),
        stderr=list(result.stderr),
    )


class ShownReturn(NamedTuple):
    """A call's return as clients see it and, if it differs, as a model receives it."""

    shown: ToolReturn
    sent: object | None = None


def run_calls(
    state: TurnState,
    calls: Sequence[ToolCall],
    scripted: Iterable[ToolReturn],
    *,
    approved: Collection[ToolCall] = (),
) -> Generator[Moment, Answered, list[ShownReturn]]:
    """Run calls; a scripted return replaces the run of the tool.

    Rules do not apply to a call that was `approved`. If its tool is not attached, it is not found
    [30 approve instead of return]; other calls of unattached tools are refused.
    """
    known = {item.tool_call_id: item for item in scripted}
    tools = {tool.name: tool for tool in state.tools}
    returned = []
    for call in calls:
        tool = tools.get(call.name)
        laid = known.get(call.tool_call_id)
        outcome = yield from _outcome(state, call, tool, laid, call in approved)
        if outcome is None:
            outcome = _refusal(state, call, allowed(state.rules, state.called_tools, tools))
        else:
            state.called_tools = state.called_tools.after(call.name, outcome.text)
        limit = tool.return_char_limit if tool else None
        returned.append(_returned(call, outcome, limit))
    return returned


def _outcome(
    state: TurnState,
    call: ToolCall,
    tool: Tool | None,
    scripted: ToolReturn | None,
    is_approved: bool,
) -> Generator[Moment, Answered, ToolOutcome | None]:
    """Return the outcome of a call; None if the turn may not make the call."""
    if not is_approved and not allowed(state.rules, state.called_tools, [call.name]):
        return None
    if scripted is not None:
        return _scripted_outcome(scripted, is_custom=tool is None or tool.tool_type == "custom")
    if tool is None:
        return ToolOutcome(NOT_FOUND, "error") if is_approved else None
    given = parse_arguments(own_arguments(call.arguments))
    arguments = {**given, **prefilled(state.rules, state.called_tools, call.name)}
    if sends_messages(state.world, call.name):
        from mockletta.turns.agent_relays import relay_messages  # noqa: PLC0415 - few send

        return (yield from relay_messages(state, call.name, arguments))
    awaited = awaited_call(state.tool_context, tool, arguments)
    if awaited is not None:
        outcome = yield AwaitAnswer(awaited)
        assert isinstance(outcome, ToolOutcome)
        return outcome
    return run_own_tool(state.tool_context, call.name, arguments)


def run_own_tool(context: ToolContext, name: str, arguments: Mapping[str, object]) -> ToolOutcome:
    """Run an agent's tool. The prompts with a memory block that it made or changed are compiled
    again; a deleted block stays in them until the next time [99 after delete]."""
    before = {block.id: block for block in context.blocks}
    outcome = run_tool(context, name, arguments)
    after = {block.id: block for block in context.blocks}
    if after.keys() - before.keys():
        recompile_own(context.world, context.agent)
    changed = [one for one, block in after.items() if before.get(one, block) is not block]
    recompile_connected(context.world, changed)
    return outcome


def _refusal(state: TurnState, call: ToolCall, valid: list[str]) -> ToolOutcome:
    text = f"[ToolConstraintError] Cannot call {call.name}, valid tools include: {valid}."
    broken = broken_rules(state.rules, call.name)
    if broken:
        text += HINT + "".join(f"\n\t- {rule}" for rule in broken)
    return ToolOutcome(text, "error")


def return_message(
    state: TurnState, name: str | None, returned: Sequence[ShownReturn], step_id: str | None
) -> MessageRecord:
    """Return the message of a step's returns; a model receives each separately."""
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
        text_is_thought=state.text_is_thought,
        step_id=step_id,
        run_id=state.run_id,
    )


def _sent(returned: ShownReturn, when: str) -> str:
    text = return_text(returned.shown)
    sent = returned.sent if isinstance(returned.sent, dict) else text
    return function_response(returned.shown.status, sent, when)


def _scripted_outcome(result: ToolReturn, *, is_custom: bool) -> ToolOutcome:
    """Return a scripted outcome. Without output the lists are empty for a tool that runs in a
    sandbox, else null [32, 56]."""
    nothing = () if is_custom else None
    return ToolOutcome(
        return_text(result),
        result.status,
        stdout=tuple(result.stdout or ()) or nothing,
        stderr=tuple(result.stderr or ()) or nothing,
    )


def _returned(call: ToolCall, outcome: ToolOutcome, limit: int | None) -> ShownReturn:
    shown = ToolReturn(
        tool_return=truncated(outcome.text, limit) if limit else outcome.text,
        status=outcome.status,
        tool_call_id=call.tool_call_id,
        stdout=None if outcome.stdout is None else list(outcome.stdout),
        stderr=None if outcome.stderr is None else list(outcome.stderr),
    )
    return ShownReturn(shown, outcome.data)
