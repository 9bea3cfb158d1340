"""Messages that an app exchanged with a model by itself, and gives to an agent."""

from typing import Any

import pytest
from letta_client import Letta, NotFoundError, UnprocessableEntityError

from tests.contract.agent_talk import told
from tests.contract.talk import MODEL, ended

NOBODY = "agent-00000000-0000-4000-8000-000000000000"


def capture(client: Letta, agent_id: str, *said: object) -> Any:  # noqa: ANN401
    body = {
        "provider": "openai",
        "model": "gpt-4o",
        "request_messages": [
            {"role": "system", "content": "Be kind."},
            *({"role": "user", "content": text} for text in said),
        ],
        "response_dict": {"role": "assistant", "content": "Hi, Ann."},
    }
    return client.post(f"/v1/agents/{agent_id}/messages/capture", body=body, cast_to=object)


def test_captured_messages_are_listed_and_not_in_context(client: Letta) -> None:
    agent = client.agents.create(model=MODEL)

    answer = capture(client, agent.id, "My name is Ann.")

    assert answer == {"success": True, "messages_created": 2, "run_ids": []}
    assert told(client, agent.id, order="asc") == [
        ("user_message", "My name is Ann."),
        ("assistant_message", "Hi, Ann."),
    ]
    assert client.agents.retrieve(agent.id).message_ids == agent.message_ids


def test_sleeptime_helpers_read_what_was_captured(client: Letta) -> None:
    agent = client.agents.create(
        model=MODEL,
        enable_sleeptime=True,
        embedding="openai/text-embedding-3-small",
        memory_blocks=[{"label": "human", "value": ""}],
    )

    [run_id] = capture(client, agent.id, "My name is Ann.")["run_ids"]

    run = ended(client, run_id)
    assert (run.status, run.agent_id == agent.id) == ("completed", False)
    read = client.agents.messages.list(run.agent_id, order="asc").items
    assert any("user: My name is Ann." in str(getattr(one, "content", "")) for one in read)


def test_what_cannot_be_captured_is_refused(client: Letta) -> None:
    agent_id = client.agents.create(model=MODEL).id

    with pytest.raises(UnprocessableEntityError, match="must be a text"):
        capture(client, agent_id, "Hello.", None)
    with pytest.raises(NotFoundError):
        capture(client, NOBODY)
    assert told(client, agent_id) == []
