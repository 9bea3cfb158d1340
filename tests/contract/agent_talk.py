"""Talking to agents: one to talk to, what it is told and says, and a brain that calls a tool."""

from letta_client import Letta

from mockletta.brain.decisions import Decision, ModelCall, ToolCall
from tests.contract.talk import MODEL
from tests.contract.undeclared import checked


class Caller:
    """A brain that calls a tool, then says so."""

    def decide(self, call: ModelCall) -> Decision:
        if call.messages[-1].role == "tool":
            return Decision(text="Done.")
        arguments = '{"label": "human", "new_string": "N"}'
        return Decision(text="Look:", tool_calls=(ToolCall("call-1", "memory_insert", arguments),))


def make_agent(client: Letta) -> str:
    return client.agents.create(model=MODEL, memory_blocks=[{"label": "human", "value": "H"}]).id


def told(client: Letta, agent_id: str, **query: object) -> list[tuple[str | None, object]]:
    """Types and texts of the messages of a page, without the system's."""
    page = client.agents.messages.list(agent_id, **query)  # type: ignore[arg-type]
    return [
        (item.message_type, getattr(item, "content", None))
        for item in checked(page.items)
        if item.message_type != "system_message"
    ]
