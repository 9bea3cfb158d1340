"""The tool calls of one step: which are run at once, and which wait for the client.

If one call waits, for approval or because its tool runs at the client, the step's other calls wait
along: all of them are run when the client has answered [33 mixed parallel].
"""

from dataclasses import dataclass

from mockletta.brain.decisions import Decision, ToolResult
from mockletta.brain.decisions import ToolCall as Wanted
from mockletta.tools.arguments import parse_arguments
from mockletta.turns.turn_state import TurnState
from mockletta.wire.messages import ToolCall, ToolReturn

APPROVAL_RULE = "requires_approval"
NOTHING = "{}"


@dataclass(frozen=True, slots=True)
class StepCalls:
    """A step's calls in the model's order, those among them that wait for the client, and the
    returns that are laid down. `written` are the calls' arguments as the model wrote them: those
    that are no JSON object stand as an empty one in the call [32 arguments not json]."""

    all: tuple[ToolCall, ...] = ()
    written: tuple[str, ...] = ()
    requested: tuple[ToolCall, ...] = ()
    laid_down: tuple[ToolReturn, ...] = ()

    @property
    def free(self) -> tuple[ToolCall, ...]:
        return tuple(call for call in self.all if call not in self.requested)


def calls_of(state: TurnState, decision: Decision) -> StepCalls:
    """The calls that are kept: without parallel tool calls only the first [31]."""
    wanted = decision.tool_calls
    if not state.llm.parallel_tool_calls:
        wanted = wanted[:1]
    if not wanted:
        return StepCalls()
    calls = [(_as_wire(call), _waits(state, call)) for call in wanted]
    return StepCalls(
        all=tuple(call for call, _ in calls),
        written=tuple(call.arguments for call in wanted),
        requested=tuple(call for call, waits in calls if waits),
        laid_down=tuple(_laid_down(call.id, call.result) for call in wanted if call.result),
    )


def _as_wire(call: Wanted) -> ToolCall:
    is_object = call.arguments == NOTHING or bool(parse_arguments(call.arguments))
    arguments = call.arguments if is_object else NOTHING
    return ToolCall(name=call.name, arguments=arguments, tool_call_id=call.id)


def _waits(state: TurnState, call: Wanted) -> bool:
    if call.needs_approval or (call.result is None and call.name in state.client_tools):
        return True
    return any(
        rule.type == APPROVAL_RULE and rule.tool_name == call.name
        for rule in state.agent.tool_rules or []
    )


def _laid_down(call_id: str, result: ToolResult) -> ToolReturn:
    return ToolReturn(
        tool_return=result.value,
        status=result.status,
        tool_call_id=call_id,
        stdout=list(result.stdout),
        stderr=list(result.stderr),
    )
