"""What of agents is exported and imported where recordings decide [82, 82x]."""

import pytest
from letta_client import BadRequestError, Letta, NotFoundError, UnprocessableEntityError

from tests.contract.conftest import Connect
from tests.contract.exported import copied, exported, imported, messages_of
from tests.contract.talk import agent_with_memory, conversation_of, say

UNKNOWN_CONVERSATION = "conv-00000000-0000-4000-8000-000000000000"


def test_an_unknown_conversation_has_all_messages_and_none_in_context(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    say(client, conversation_of(client, agent_id), "Hello there.")

    (agent,) = exported(client, agent_id, conversation_id=UNKNOWN_CONVERSATION)["agents"]

    assert len(agent["messages"]) == 4
    assert agent["in_context_message_ids"] == []


def test_what_is_out_of_context_is_not_exported(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    client.agents.messages.create(agent_id, input="Hello there.")
    client.agents.messages.reset(agent_id)

    assert [one["role"] for one in messages_of(exported(client, agent_id))] == ["system"]


@pytest.mark.parametrize("skill", [{}, {"files": {"a.md": "b"}}])
def test_a_skill_needs_its_file_or_where_it_comes_from(
    client: Letta, skill: dict[str, object]
) -> None:
    body = {"skills": [{"name": "x", **skill}]}
    with pytest.raises(UnprocessableEntityError, match="source_url must be provided"):
        client.post(f"/v1/agents/{agent_with_memory(client)}/export", body=body, cast_to=object)


def test_messages_stay_in_spite_of_strip_messages_under_a_quirk(connect: Connect) -> None:
    client = connect(quirks=["kept-imported-messages"])
    agent_id = agent_with_memory(client)
    copy = copied(client, agent_id, strip_messages=True)
    assert len(copy.message_ids or ()) == len(client.agents.retrieve(agent_id).message_ids or ())


def test_an_agent_without_a_name_gets_one(client: Letta) -> None:
    file = exported(client, agent_with_memory(client))
    del file["agents"][0]["name"]
    assert imported(client, file).name.endswith("_copy")


def test_an_agent_without_a_model_is_refused(client: Letta) -> None:
    file = exported(client, agent_with_memory(client))
    del file["agents"][0]["llm_config"]
    with pytest.raises(BadRequestError, match="llm_config is required"):
        imported(client, file)


def test_a_model_that_does_not_exist_is_not_found(client: Letta) -> None:
    with pytest.raises(NotFoundError, match="Handle nope not found"):
        copied(client, agent_with_memory(client), model="nope")
