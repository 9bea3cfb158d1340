"""Decides the stop reason after each step, and the status of the run."""

from collections.abc import Iterable, Sequence

from mockletta.brain.decisions import Decision
from mockletta.state.message_records import MessageRecord
from mockletta.state.token_counts import count_tokens
from mockletta.tools.tool_rules import ends_turn, still_required
from mockletta.turns.context_history import pack_heartbeat
from mockletta.turns.system_prompt import spell_time
from mockletta.turns.tool_calls import StepCalls
from mockletta.turns.turn_state import TurnState
from mockletta.wire.replies import StopReasonType
from mockletta.wire.runs import RunStatus

FAILURES = {
    StopReasonType.error,
    StopReasonType.llm_api_error,
    StopReasonType.invalid_llm_response,
    StopReasonType.insufficient_credits,
}
"""Stop reasons that fail a run."""
REMINDER = (
    "[This is an automated system message hidden from the user] "
    "ToolRuleViolated: You must call {tools} at least once to exit the loop."
)


def stop_reason_of(
    state: TurnState,
    decision: Decision,
    calls: StepCalls,
    called: Sequence[str],
    *,
    is_last: bool,
) -> StopReasonType | None:
    """Return the stop reason of a turn after a step; None if the turn goes on."""
    if decision.stop_reason is not None:
        return StopReasonType(decision.stop_reason)
    if calls.requested:
        return StopReasonType.requires_approval
    if not calls.all and decision.finish == "length" and not state.tokens:
        return StopReasonType.max_tokens_exceeded
    if not calls.all and not missing(state):
        return StopReasonType.end_turn
    if may_end(state, called):
        return StopReasonType.tool_rule
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
    return still_required(state.rules, state.course, state.attached) if state.rules else []


def may_end(state: TurnState, called: Iterable[str]) -> bool:
    """Return whether a rule ends the turn after these calls and no rule forbids it."""
    return ends_turn(state.rules, called) and not missing(state)


def reminder(state: TurnState, step_id: str | None) -> MessageRecord:
    """Make the heartbeat that tells a model which tools it must still call.

    Clients are shown it as a `user_message` [85 required_before_exit: no tool].
    """
    now = state.world.clock.now()
    reason = REMINDER.format(tools=", ".join(missing(state)))
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
