"""client.conversations.fork and recompile."""

import json

import pytest
from letta_client import (
    Letta,
    NotFoundError,
)
from letta_client.types import AgentState, Conversation

from tests.contract.sdk import needs
from tests.contract.talk import (
    agent_with_memory,
    context_of,
    history,
    ids_of,
    say,
    system_of,
)
from tests.contract.undeclared import checked


@needs("conversations.fork")
def test_a_fork_shares_the_history_and_goes_its_own_way(
    client: Letta, conversation: Conversation
) -> None:
    say(client, conversation.id, "My cat is called Miso.")
    fork = checked(client.conversations.fork(conversation.id))
    before = history(client, conversation.id)
    assert history(client, fork.id) == before
    assert context_of(client, fork.id)[1:] == context_of(client, conversation.id)[1:]
    assert context_of(client, fork.id)[0] != context_of(client, conversation.id)[0]
    assert "Miso" in say(client, fork.id, "What is my cat called?")
    assert history(client, conversation.id) == before


@needs("conversations.fork")
def test_a_fork_keeps_the_model_and_not_the_summary(client: Letta, agent: AgentState) -> None:
    source = client.conversations.create(
        agent_id=agent.id,
        summary="Tea",
        model="openai/gpt-4o",
        model_settings={"provider_type": "openai"},
    )
    fork = checked(client.conversations.fork(source.id))
    assert fork.to_dict() == {
        **source.to_dict(),
        "id": fork.id,
        "created_at": fork.created_at,
        "updated_at": fork.created_at,
        "summary": None,
    }


@needs("conversations.fork", "message_id")
def test_a_fork_ends_with_the_message_it_names(client: Letta, conversation: Conversation) -> None:
    say(client, conversation.id, "My cat is called Miso.")
    say(client, conversation.id, "My dog is called Rex.")
    context = context_of(client, conversation.id)
    fork = checked(client.conversations.fork(conversation.id, message_id=context[2]))
    assert context_of(client, fork.id)[1:] == context[1:3]
    assert "Rex" not in say(client, fork.id, "What is my dog called?")
    with pytest.raises(NotFoundError):
        client.conversations.fork(fork.id, message_id=context[4])


@needs("conversations.fork", "hidden")
def test_a_fork_can_be_hidden(client: Letta, agent: AgentState, conversation: Conversation) -> None:
    fork = checked(client.conversations.fork(conversation.id, hidden=True))
    assert ids_of(client.conversations.list(agent_id=agent.id)) == [conversation.id]
    assert client.conversations.retrieve(fork.id).id == fork.id


@needs("conversations.fork", "agent_id")
def test_an_agents_own_history_is_forked_through_default_or_its_id(
    client: Letta, agent: AgentState
) -> None:
    client.agents.messages.create(agent.id, input="My cat is called Miso.")
    forks = [
        checked(client.conversations.fork("default", agent_id=agent.id)),
        checked(client.conversations.fork(agent.id)),
    ]
    for fork in forks:
        assert fork.agent_id == agent.id
        assert "Miso" in say(client, fork.id, "What is my cat called?")


@needs("conversations.recompile")
def test_recompiling_stores_the_text_unless_it_is_a_dry_run(client: Letta) -> None:
    agent_id = agent_with_memory(client, "Name: Ada")
    conversation = client.conversations.create(agent_id=agent_id)
    client.agents.blocks.update("human", agent_id=agent_id, value="Name: Grace")
    dry = json.loads(client.conversations.recompile(conversation.id, dry_run=True))
    assert "Name: Grace" in dry
    assert "Name: Ada" in system_of(client, conversation.id)
    stored = json.loads(client.conversations.recompile(conversation.id))
    assert "Name: Grace" in stored
    assert system_of(client, conversation.id) == stored


@needs("conversations.recompile")
def test_recompiling_counts_what_is_not_in_the_agents_own_context(client: Letta) -> None:
    agent_id = agent_with_memory(client)
    conversation = client.conversations.create(agent_id=agent_id)
    say(client, conversation.id, "Hi.")

    text = json.loads(client.conversations.recompile(conversation.id))

    assert "- 3 previous messages" in text


@needs("conversations.recompile", "agent_id")
def test_an_agents_own_system_message_is_recompiled_through_default(client: Letta) -> None:
    agent_id = agent_with_memory(client, "Name: Ada")
    client.agents.blocks.update("human", agent_id=agent_id, value="Name: Grace")
    text = json.loads(client.conversations.recompile("default", agent_id=agent_id))
    assert "Name: Grace" in text
    (system,) = client.conversations.messages.list("default", agent_id=agent_id)
    assert system.content == text  # type: ignore[union-attr]
    with pytest.raises(NotFoundError):
        client.conversations.recompile("default")
