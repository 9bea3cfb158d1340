"""When rules end a turn, and what a model is told that may not end it yet."""

from collections.abc import Iterable

from mockletta.state.message_records import MessageRecord, count_tokens
from mockletta.tools.rules import ends_turn, still_required
from mockletta.turns.context_history import pack_alert
from mockletta.turns.system_prompt import spell_time
from mockletta.turns.turn_state import TurnState

REMINDER = "ToolRuleViolated: You must call {tools} at least once to exit the loop."


def missing(state: TurnState) -> list[str]:
    """The tools the turn must still call before it may end."""
    return still_required(state.rules, state.course, state.attached) if state.rules else []


def may_end(state: TurnState, called: Iterable[str]) -> bool:
    """Whether a rule ends the turn after these calls, and none is against it."""
    return ends_turn(state.rules, called) and not missing(state)


def reminder(state: TurnState, step_id: str | None) -> MessageRecord:
    """The message that tells a model what it must still call."""
    now = state.world.clock.now()
    text = REMINDER.format(tools=", ".join(missing(state)))
    content = pack_alert(text, spell_time(now, state.agent.timezone))
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
