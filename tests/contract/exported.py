"""Agents as files, through the SDK."""

import json
from collections.abc import Mapping
from typing import Any

from letta_client import Letta
from letta_client.types import AgentState

from tests.contract.talk import plain
from tests.contract.undeclared import checked

RELATIONS: Any = ["agent.blocks", "agent.tools", "agent.tags", "agent.secrets"]
MADE_ANEW = {"id", "name", "created_at", "updated_at", "message_ids", "blocks", "memory", "secrets"}
OF_RUNS = {"last_run_completion", "last_run_duration_ms", "last_stop_reason"}
File = dict[str, Any]


def exported(client: Letta, agent_id: str, **options: Any) -> File:  # noqa: ANN401
    """An agent's file, parsed."""
    file: File = json.loads(client.agents.export_file(agent_id, **options))
    return file


def messages_of(file: File) -> list[dict[str, Any]]:
    """The messages of a file's only agent."""
    (agent,) = file["agents"]
    messages: list[dict[str, Any]] = agent["messages"]
    return messages


def imported(client: Letta, file: Mapping[str, Any] | bytes, **options: Any) -> AgentState:  # noqa: ANN401
    """The first agent that a file makes, with its relations."""
    content = file if isinstance(file, bytes) else json.dumps(file).encode()
    made = checked(client.agents.import_file(file=("agent.af", content), **options))
    return checked(client.agents.retrieve(made.agent_ids[0], include=RELATIONS))


def copied(client: Letta, agent_id: str, **options: Any) -> AgentState:  # noqa: ANN401
    """The agent that another one's file makes."""
    return imported(client, exported(client, agent_id), **options)


def made_alike(agent: AgentState) -> dict[str, object]:
    """What an agent and its copy have in common."""
    shown = plain(agent)
    own = {key: value for key, value in shown.items() if key not in MADE_ANEW | OF_RUNS}
    blocks = [{**plain(block), "id": None} for block in agent.blocks]
    secrets = {secret.key: secret.value for secret in agent.secrets or []}
    return {**own, "blocks": blocks, "secrets": secrets}
