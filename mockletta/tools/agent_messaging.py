"""Tools with which agents send each other messages.

A tool yields a message to another agent and receives the agent's answer. The caller delivers the
message.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from typing import NamedTuple

from mockletta.errors import RowNotFound
from mockletta.tools.call_arguments import call_tool
from mockletta.tools.context import ToolContext
from mockletta.tools.returns import TOOL_ERRORS, ToolOutcome, error_text, failure, success
from mockletta.wire.agents import AgentState

MOST_WAITING = 10
"""The most agents that wait for each other."""
MOST_MESSAGES = 100
"""The most messages that agents send each other because of one request."""


class TooManyMessages(RuntimeError):
    """Agents have sent each other too many messages."""

    def __init__(self) -> None:
        super().__init__(
            f"No more messages between agents: at most {MOST_WAITING} wait for each other, and one "
            f"request leads to at most {MOST_MESSAGES}."
        )


class AgentMessage(NamedTuple):
    """A message to another agent. The sender may wait for the reply."""

    receiver: AgentState
    text: str
    waits: bool


Reply = Mapping[str, object]
Delivery = Generator[AgentMessage, Reply, ToolOutcome]
Sending = Generator[AgentMessage, Reply, object]


def run_messaging_tool(
    context: ToolContext, name: str, arguments: Mapping[str, object]
) -> Delivery:
    """Run a tool of MESSAGING_TOOLS. An error that it raises becomes an outcome."""
    try:
        return success((yield from call_tool(MESSAGING_TOOLS[name], arguments, context)))
    except RowNotFound as error:
        text = str(error)
        return ToolOutcome(text, "error", (error_text(name, "NoResultFound", text),))
    except (*TOOL_ERRORS, TooManyMessages) as error:
        return failure(name, error)


def send_message_to_agent_and_wait_for_reply(
    context: ToolContext, /, message: str, other_agent_id: str
) -> Sending:
    """Send a message; the return is the reply of the other agent, as text."""
    other = context.world.store.agents.get(other_agent_id)
    return str((yield AgentMessage(other, message, waits=True)))


def send_message_to_agent_async(
    context: ToolContext, /, message: str, other_agent_id: str
) -> Sending:
    """Send a message that the other agent receives as soon as this turn pauses."""
    other = context.world.store.agents.get(other_agent_id)
    yield AgentMessage(other, message, waits=False)
    return "Successfully sent message"


def send_message_to_agents_matching_tags(
    context: ToolContext, /, message: str, match_all: list[str], match_some: list[str]
) -> Sending:
    """Send a message to some agents, one after the other; the return has all replies."""
    replies = []
    for agent_id in _agents_tagged(context, match_all, match_some):
        other = context.world.store.agents.find(agent_id)
        if other is not None:
            replies.append((yield AgentMessage(other, message, waits=True)))
    return str(replies)


def _agents_tagged(
    context: ToolContext, match_all: Iterable[str], match_some: Iterable[str]
) -> list[str]:
    """Return the ids of other agents that have every tag of one list and, unless it is empty, one
    of the other."""
    every, some = set(match_all), set(match_some)
    return [
        agent.id
        for agent in context.world.store.agents
        if agent.id != context.agent.id
        and every <= set(agent.tags)
        and (not some or not some.isdisjoint(agent.tags))
    ]


MESSAGING_TOOLS: Mapping[str, Callable[..., Sending]] = {
    tool.__name__: tool
    for tool in (
        send_message_to_agent_and_wait_for_reply,
        send_message_to_agent_async,
        send_message_to_agents_matching_tags,
    )
}
