"""client.conversations: making, changing, finding, forking, recompiling, cancelling."""

import json
import re

import pytest
from letta_client import (
    AsyncLetta,
    BadRequestError,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState, Conversation

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import MODEL, Connect
from tests.contract.sdk import needs
from tests.contract.talk import (
    context_of,
    ids_of,
    say,
)
from tests.contract.undeclared import checked

UNKNOWN = "conv-00000000-0000-4000-8000-000000000000"
UNKNOWN_AGENT = "agent-00000000-0000-4000-8000-000000000000"
USER = "user-00000000-0000-4000-8000-000000000000"


def test_a_new_conversation_has_an_agent_and_nothing_else(client: Letta, agent: AgentState) -> None:
    made = checked(client.conversations.create(agent_id=agent.id))
    assert re.fullmatch(r"conv-[0-9a-f-]{36}", made.id)
    assert made.to_dict() == {
        "created_by_id": USER,
        "last_updated_by_id": USER,
        "created_at": made.created_at,
        "updated_at": made.created_at,
        "id": made.id,
        "agent_id": agent.id,
        "summary": None,
        "in_context_message_ids": [],
        "isolated_block_ids": [],
        "model": None,
        "model_settings": None,
        "last_message_at": None,
        "archived": False,
        "archived_at": None,
        "description": None,
        "context_window_limit": None,
    }


@needs("conversations.create", "context_window_limit", "description", "model")
def test_a_conversation_is_made_with_all_that_can_be_said_of_it(
    client: Letta, agent: AgentState
) -> None:
    made = checked(
        client.conversations.create(
            agent_id=agent.id,
            summary="Trip to Lisbon",
            description="Planning a trip",
            model="openai/gpt-4o",
            model_settings={"provider_type": "openai", "temperature": 0.3},
            context_window_limit=9000,
        )
    )
    assert checked(client.conversations.retrieve(made.id)) == made.model_copy(
        update={"in_context_message_ids": context_of(client, made.id)}
    )
    assert (made.summary, made.description) == ("Trip to Lisbon", "Planning a trip")
    assert (made.model, made.context_window_limit) == ("openai/gpt-4o", 9000)
    assert made.api_model_settings is not None
    assert made.api_model_settings.to_dict() == {
        "provider_type": "openai",
        "max_output_tokens": 4096,
        "parallel_tool_calls": True,
        "reasoning": {"reasoning_effort": "high"},
        "response_format": None,
        "strict": True,
        "temperature": 0.3,
    }


def test_a_conversation_of_an_unknown_agent_is_not_made(client: Letta) -> None:
    with pytest.raises(NotFoundError) as failed:
        client.conversations.create(agent_id=UNKNOWN_AGENT)
    assert failed.value.body == {"detail": "Agent not found"}
    assert client.conversations.list(agent_id=UNKNOWN_AGENT) == []


@needs("conversations.create", "model")
def test_a_model_without_a_provider_is_refused_and_leaves_no_conversation(
    client: Letta, agent: AgentState
) -> None:
    with pytest.raises(BadRequestError):
        client.conversations.create(agent_id=agent.id, model="gpt-4o")
    assert client.conversations.list(agent_id=agent.id) == []


def test_retrieving_tells_the_messages_in_context_oldest_first(
    client: Letta, conversation: Conversation
) -> None:
    say(client, conversation.id, "Hello!")
    found = checked(client.conversations.retrieve(conversation.id))
    listed = client.conversations.messages.list(conversation.id, extra_query={"order": "asc"})
    assert found.in_context_message_ids == [message.id for message in listed]
    assert found.in_context_message_ids is not None
    assert len(found.in_context_message_ids) == 3


def test_an_unknown_conversation_is_not_found_and_a_malformed_id_is_refused(client: Letta) -> None:
    with pytest.raises(NotFoundError, match=f"Conversation not found with id='\\['{UNKNOWN}'\\]'"):
        client.conversations.retrieve(UNKNOWN)
    with pytest.raises(UnprocessableEntityError, match="at least 41 characters"):
        client.conversations.retrieve("conv-nope")


@needs("conversations.update", "description")
def test_an_update_changes_what_it_names(client: Letta, conversation: Conversation) -> None:
    changed = checked(
        client.conversations.update(
            conversation.id,
            summary="About tea",
            description="Green or black",
            model="openai/gpt-4o",
            context_window_limit=5000,
            last_message_at="2026-01-02T03:04:05Z",
        )
    )
    assert changed.to_dict() == {
        **conversation.to_dict(),
        "updated_at": changed.updated_at,
        "summary": "About tea",
        "description": "Green or black",
        "model": "openai/gpt-4o",
        "context_window_limit": 5000,
        "last_message_at": changed.last_message_at,
    }
    assert str(changed.last_message_at) == "2026-01-02 03:04:05+00:00"


@needs("conversations.update", "description")
def test_null_leaves_everything_as_it_is(client: Letta, agent: AgentState) -> None:
    made = client.conversations.create(agent_id=agent.id, summary="Tea", model="openai/gpt-4o")
    changed = checked(
        client.conversations.update(
            made.id,
            archived=None,
            context_window_limit=None,
            description=None,
            last_message_at=None,
            model=None,
            model_settings=None,
            summary=None,
        )
    )
    assert changed.to_dict() == {**made.to_dict(), "updated_at": changed.updated_at}


@needs("conversations.update", "archived")
def test_archiving_is_dated_and_can_be_undone(client: Letta, conversation: Conversation) -> None:
    archived = checked(client.conversations.update(conversation.id, archived=True))
    again = checked(client.conversations.update(conversation.id, archived=True))
    restored = checked(client.conversations.update(conversation.id, archived=False))
    assert (archived.archived, archived.archived_at) == (True, archived.updated_at)
    assert again.archived_at == archived.archived_at
    assert (restored.archived, restored.archived_at) == (False, None)


@needs("conversations.list", "archive_status")
def test_archived_conversations_are_listed_only_when_asked_for(
    client: Letta, agent: AgentState
) -> None:
    kept, gone = (client.conversations.create(agent_id=agent.id) for _ in range(2))
    client.conversations.update(gone.id, archived=True)
    listed = {
        status: ids_of(client.conversations.list(agent_id=agent.id, archive_status=status))
        for status in ("unarchived", "archived", "all")
    }
    assert listed == {"unarchived": [kept.id], "archived": [gone.id], "all": [gone.id, kept.id]}
    assert ids_of(client.conversations.list(agent_id=agent.id)) == [kept.id]


@needs("conversations.create", "hidden")
def test_a_hidden_conversation_works_and_is_never_listed(client: Letta, agent: AgentState) -> None:
    shown = client.conversations.create(agent_id=agent.id)
    hidden = checked(client.conversations.create(agent_id=agent.id, hidden=True))
    assert say(client, hidden.id, "Say 'here' back to me") == "here"
    listed = checked(client.conversations.list(agent_id=agent.id, archive_status="all"))
    assert ids_of(listed) == [shown.id]


def test_conversations_are_listed_newest_first_and_by_agent(
    client: Letta, agent: AgentState
) -> None:
    other = client.agents.create(model="openai/gpt-4o-mini")
    first, second = (client.conversations.create(agent_id=agent.id) for _ in range(2))
    client.conversations.create(agent_id=other.id)
    listed = checked(client.conversations.list(agent_id=agent.id))
    assert listed == [second, first]
    assert client.conversations.list(agent_id=agent.id, limit=1) == [second]
    assert client.conversations.list(agent_id=agent.id, after=second.id) == [first]


@needs("conversations.list", "order")
def test_conversations_of_all_agents_are_listed_oldest_first_on_request(client: Letta) -> None:
    agents = [client.agents.create(model="openai/gpt-4o-mini") for _ in range(2)]
    made = [client.conversations.create(agent_id=agent.id) for agent in agents]
    assert checked(client.conversations.list(order="asc")) == made
    assert client.conversations.list(order="asc", after=made[0].id) == made[1:]


@needs("conversations.list", "order_by")
def test_conversations_are_ordered_by_their_last_message(client: Letta, agent: AgentState) -> None:
    quiet, early, late = (client.conversations.create(agent_id=agent.id).id for _ in range(3))
    say(client, late, "Hello!")
    say(client, early, "Hello!")
    say(client, late, "Hello again!")
    for order_by in ("last_message_at", "last_run_completion"):
        newest = client.conversations.list(agent_id=agent.id, order_by=order_by)
        oldest = client.conversations.list(agent_id=agent.id, order_by=order_by, order="asc")
        assert ids_of(checked(newest)) == [late, early, quiet]
        assert ids_of(checked(oldest)) == [early, late, quiet]


@needs("conversations.list", "summary_search")
def test_summaries_are_searched_with_regard_to_case(client: Letta, agent: AgentState) -> None:
    tea, _ = (
        client.conversations.create(agent_id=agent.id, summary=text)
        for text in ("All about Tea", "All about coffee")
    )
    client.conversations.create(agent_id=agent.id)

    def found(term: str) -> list[str]:
        return ids_of(client.conversations.list(agent_id=agent.id, summary_search=term))

    assert (found("Tea"), found("T_a"), found("tea")) == ([tea.id], [tea.id], [])
    assert (len(found("All%")), len(found(""))) == (2, 3)


@pytest.mark.parametrize("name", ["after", "before"])
def test_an_unknown_cursor_of_conversations_is_not_found(
    client: Letta, agent: AgentState, name: str
) -> None:
    with pytest.raises(NotFoundError):
        client.conversations.list(agent_id=agent.id, extra_query={name: UNKNOWN})


@needs("conversations.delete")
def test_a_deleted_conversation_leaves_its_messages_and_runs_to_its_agent(
    mock: MockLetta, client: Letta, agent: AgentState, conversation: Conversation
) -> None:
    list(client.conversations.messages.create(conversation.id, input="Hello!"))
    client.conversations.delete(conversation.id)

    assert client.conversations.messages.list(conversation.id).items == []
    assert len(client.agents.messages.list(agent.id).items) == 4
    [run] = client.runs.list().items
    assert run.status == "completed"
    assert [step.run_id for step in client.steps.list().items] == [run.id]

    client.agents.delete(agent.id)
    store = mock.world.store
    assert [len(table) for table in (store.messages, store.runs, store.steps)] == [0, 0, 0]


@needs("conversations.delete")
@needs("conversations.fork")
@needs("conversations.recompile")
def test_a_deleted_conversation_is_gone_for_every_operation(
    client: Letta, agent: AgentState, conversation: Conversation
) -> None:
    say(client, conversation.id, "Hello!")
    assert client.conversations.delete(conversation.id) is None
    assert client.conversations.list(agent_id=agent.id) == []
    assert list(client.conversations.messages.list(conversation.id)) == []
    for operation in (
        client.conversations.retrieve,
        client.conversations.update,
        client.conversations.delete,
        client.conversations.cancel,
        client.conversations.fork,
        client.conversations.recompile,
        client.conversations.messages.compact,
    ):
        with pytest.raises(NotFoundError):
            operation(conversation.id)
    with pytest.raises(NotFoundError):
        client.conversations.messages.create(conversation.id, input="Hello?")


@pytest.mark.anyio
async def test_conversations_are_made_and_found_asynchronously(
    async_client: AsyncLetta, agent: AgentState
) -> None:
    made = checked(await async_client.conversations.create(agent_id=agent.id, summary="Tea"))
    found = checked(await async_client.conversations.retrieve(made.id))
    assert found.summary == "Tea"
    assert checked(await async_client.conversations.list(agent_id=agent.id)) == [made]
    with pytest.raises(NotFoundError):
        await async_client.conversations.retrieve(UNKNOWN)


@needs("conversations.update", "archived")
@pytest.mark.anyio
async def test_conversations_are_changed_forked_and_deleted_asynchronously(
    async_client: AsyncLetta, conversation: Conversation
) -> None:
    conversations = async_client.conversations
    changed = checked(await conversations.update(conversation.id, archived=True))
    assert changed.archived
    fork = checked(await conversations.fork(conversation.id))
    assert fork.agent_id == conversation.agent_id
    assert json.loads(await conversations.recompile(fork.id)).startswith("<base_instructions>")
    assert await conversations.delete(fork.id) is None
    with pytest.raises(ConflictError):
        await conversations.cancel(conversation.id)


def test_a_message_updates_its_conversation(client: Letta, agent: AgentState) -> None:
    made = client.conversations.create(agent_id=agent.id)

    say(client, made.id, "Hello!")

    told = client.conversations.retrieve(made.id)
    assert made.updated_at is not None
    assert told.updated_at is not None
    assert told.updated_at > made.updated_at
    assert (
        told.model_dump(mode="json")["updated_at"]
        == told.model_dump(mode="json")["last_message_at"]
    )


def test_a_list_ends_before_a_cursor_though_not_on_the_recorded_server(connect: Connect) -> None:
    """It ignores `before` [02 before is not a parameter]."""
    for quirks, listed in (([], 1), (["conversations-without-before"], 3)):
        client = connect(quirks=quirks)
        agent_id = client.agents.create(model=MODEL).id
        made = [client.conversations.create(agent_id=agent_id).id for _ in range(3)]
        found = client.conversations.list(agent_id=agent_id, extra_query={"before": made[1]})
        assert [one.id for one in found] == made[::-1][:listed]
