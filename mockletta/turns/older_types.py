"""The steps of agents of older types: the one call of a reply decides whether the turn continues.

These agents use an older loop of the server. It differs from that of Letta V1 agents [72]:

1. the argument `thinking` of a call is shown as the agent's reasoning;
2. the turn continues after a call that asks for a heartbeat, that broke a rule, or whose tool has a
   rule to continue; any other call ends it;
3. the stored arguments say whether it continues, and a heartbeat tells the model why;
4. a token stream shows nothing of a call that does not begin with `thinking`, and what else the
   model said is lost.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from mockletta.brain.decisions import Decision, ToolCall
from mockletta.tools.call_arguments import HEARTBEAT, THINKING, parse_arguments, wrong_type_of
from mockletta.tools.tool_rules import allowed, still_required
from mockletta.turns.turn_state import TurnState
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.wire.tool_rule_types import ToolRuleType
from mockletta.world.quirks import SILENT_CALLS

if TYPE_CHECKING:
    from mockletta.wire.tool_rules import ToolRule

HIDDEN = "[This is an automated system message hidden from the user] "
ASKED = f"{HIDDEN}Function called using request_heartbeat=true, returning control"
BROKEN_RULE = f"{HIDDEN}Continuing: tool rule violation."
CHILD_RULE = f"{HIDDEN}Continuing: child tool rule."
CONTINUE_RULE = f"{HIDDEN}Continuing: continue tool rule."
STILL_REQUIRED = f"{HIDDEN}Continuing, user expects these tools: [{{}}] to be called still."


class Continuation(NamedTuple):
    """What follows a call: the reason to continue that the model receives, or the stop reason of
    the turn."""

    heartbeat: str | None = None
    stop_reason: StopReasonType | None = None
    is_silent: bool = False


def stored(
    state: TurnState, decision: Decision, *, is_last: bool
) -> tuple[Decision, Continuation | None]:
    """Return a decision as it is stored, with at most one call, and what follows from it."""
    if not decision.tool_calls:
        return decision, None
    call = decision.tool_calls[0]
    if wrong_type_of(call.arguments) is not None:
        return decision, Continuation(is_silent=_is_silent(state))
    arguments = parse_arguments(call.arguments)
    thinking = arguments.pop(THINKING, None)
    continuation = _continuation(
        state, call, asks_for_heartbeat=_is_true(arguments.pop(HEARTBEAT, False))
    )
    if is_last:
        continuation = _last(continuation, streaming=state.delivery.streaming)
    arguments[HEARTBEAT] = continuation.heartbeat is not None
    call = replace(call, arguments=json.dumps(arguments))
    if isinstance(thinking, str):
        return replace(decision, text=thinking, tool_calls=(call,)), continuation
    decision = replace(decision, tool_calls=(call,))
    if not _is_silent(state):
        return decision, continuation
    return replace(decision, text="", reasoning=None), continuation._replace(is_silent=True)


def _last(continuation: Continuation, *, streaming: bool) -> Continuation:
    """Return what follows a call in the last step that a turn may take. In a stream nothing follows
    the step, and a turn that ends by itself says so."""
    if not streaming:
        return Continuation(stop_reason=StopReasonType.max_steps)
    return continuation._replace(stop_reason=continuation.stop_reason or StopReasonType.max_steps)


def _is_true(value: object) -> bool:
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def _is_silent(state: TurnState) -> bool:
    """Return whether a token stream shows nothing of a call without `thinking`."""
    if not state.tokens:
        return False
    is_on = SILENT_CALLS in state.world.quirks
    state.depends_on(SILENT_CALLS, "the call's tokens" if is_on else "nothing of the call")
    return is_on


def _continuation(state: TurnState, call: ToolCall, *, asks_for_heartbeat: bool) -> Continuation:
    """Decide what follows a call: the rules decide first, then the call."""
    tools = state.attached
    is_known = call.name in tools or call.result is not None
    if not (is_known and allowed(state.rules, state.called_tools, [call.name])):
        return Continuation(BROKEN_RULE)
    continuation = _by_rules(
        [rule for rule in state.rules if rule.tool_name == call.name], asks_for_heartbeat
    )
    if continuation.heartbeat is None:
        missing = still_required(state.rules, state.called_tools.after(call.name, ""), tools)
        if missing:
            return Continuation(STILL_REQUIRED.format(", ".join(missing)))
    return continuation


def _by_rules(rules: "Sequence[ToolRule]", asks_for_heartbeat: bool) -> Continuation:
    if any(rule.type is ToolRuleType.exit_loop for rule in rules):
        ended = StopReasonType.tool_rule if asks_for_heartbeat else StopReasonType.end_turn
        return Continuation(stop_reason=ended)
    if any(
        rule.type in (ToolRuleType.constrain_child_tools, ToolRuleType.conditional)
        for rule in rules
    ):
        return Continuation(CHILD_RULE)
    if any(rule.type is ToolRuleType.continue_loop for rule in rules):
        return Continuation(CONTINUE_RULE)
    return (
        Continuation(ASKED)
        if asks_for_heartbeat
        else Continuation(stop_reason=StopReasonType.end_turn)
    )
