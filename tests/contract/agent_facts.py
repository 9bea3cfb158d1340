"""What tests say of agents: their fields, labels, tools, rules and messages."""

import inspect

from letta_client import (
    Letta,
)
from letta_client.types import AgentState

from tests.contract.undeclared import checked


def parameters_of(method: object) -> set[str]:
    names = inspect.signature(method).parameters  # type: ignore[arg-type]
    return set(names) - {"agent_id", "extra_headers", "extra_query", "extra_body", "timeout"}


def field_of(agent: AgentState, path: str) -> object:
    value: object = agent.to_dict()
    for key in path.split("."):
        assert isinstance(value, dict)
        value = value[key]
    return value


def labels(agent: AgentState) -> list[str | None]:
    return [block.label for block in agent.blocks]


def tools(agent: AgentState) -> list[str | None]:
    return [tool.name for tool in agent.tools]


def rules(agent: AgentState) -> list[tuple[str, str | None]]:
    return [(rule.tool_name, rule.type) for rule in agent.tool_rules or []]


def contents(client: Letta, agent: AgentState) -> list[tuple[str | None, object]]:
    """The types and texts of an agent's messages, oldest first."""
    page = client.agents.messages.list(agent.id, order="asc")
    return [(item.message_type, getattr(item, "content", None)) for item in checked(page)]
