"""The tools with which agents send each other messages."""

from collections.abc import Callable, Generator, Mapping

from mockletta.errors import RowNotFound
from mockletta.tools.arguments import call_tool
from mockletta.tools.returns import TOOL_ERRORS, ToolOutcome, error_text, failure, success
from mockletta.turns.agent_relays import TooManyMessages, agents_tagged, leave_message, reply_of
from mockletta.turns.turn_state import Answered, Moment, TurnState

Sending = Generator[Moment, Answered, object]


def run_relay_tool(
    name: str, arguments: Mapping[str, object], state: TurnState
) -> Generator[Moment, Answered, ToolOutcome]:
    """Run a tool of RELAY_TOOLS. What it raises is an outcome too."""
    try:
        return success((yield from call_tool(RELAY_TOOLS[name], arguments, state)))
    except RowNotFound as error:
        text = str(error)
        return ToolOutcome(text, "error", (error_text(name, "NoResultFound", text),))
    except (*TOOL_ERRORS, TooManyMessages) as error:
        return failure(name, error)


def send_message_to_agent_and_wait_for_reply(
    state: TurnState, /, message: str, other_agent_id: str
) -> Sending:
    """Send a message; the return is what the other agent says, as text."""
    other = state.world.store.agents.get(other_agent_id)
    return str((yield from reply_of(state, other, message)))


def send_message_to_agent_async(state: TurnState, /, message: str, other_agent_id: str) -> Sending:
    """Send a message that the other agent gets once this turn stands still."""
    other = state.world.store.agents.get(other_agent_id)
    yield from leave_message(state, other, message)
    return "Successfully sent message"


def send_message_to_agents_matching_tags(
    state: TurnState, /, message: str, match_all: list[str], match_some: list[str]
) -> Sending:
    """Send a message to some agents, one after the other; the return is what all of them say."""
    told = []
    for agent_id in agents_tagged(state, match_all, match_some):
        other = state.world.store.agents.find(agent_id)
        if other is not None:
            told.append((yield from reply_of(state, other, message)))
    return str(told)


RELAY_TOOLS: Mapping[str, Callable[..., Sending]] = {
    tool.__name__: tool
    for tool in (
        send_message_to_agent_and_wait_for_reply,
        send_message_to_agent_async,
        send_message_to_agents_matching_tags,
    )
}
"""Every tool `run_relay_tool` knows."""
