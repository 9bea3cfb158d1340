"""client.conversations.messages.list and compact: what is kept of a conversation."""

import pytest
from letta_client import (
    AsyncLetta,
    BadRequestError,
    Letta,
)
from letta_client.types import AgentState, Conversation

from tests.contract.conftest import MODEL
from tests.contract.sdk import needs
from tests.contract.talk import (
    ask,
    context_of,
    history,
    kinds,
    oldest_first,
    say,
)
from tests.contract.undeclared import checked


@needs("conversations.messages.list", "order")
def test_messages_are_listed_newest_first_or_oldest_first(
    client: Letta, conversation: Conversation
) -> None:
    say(client, conversation.id, "Hello!")
    oldest = checked(client.conversations.messages.list(conversation.id, order="asc")).items
    newest = checked(client.conversations.messages.list(conversation.id, order="desc")).items
    assert kinds(oldest) == ["system_message", "user_message", "assistant_message"]
    assert newest == oldest[::-1]
    assert client.conversations.messages.list(conversation.id).items == newest


def test_a_page_that_is_asked_for_again_is_the_same_until_there_is_more(
    client: Letta, conversation: Conversation
) -> None:
    say(client, conversation.id, "Hello!")
    first, again = (list(client.conversations.messages.list(conversation.id)) for _ in range(2))
    assert again == first
    say(client, conversation.id, "Hello again!")
    assert list(client.conversations.messages.list(conversation.id))[2:] == first


@needs("conversations.messages.list", "order")
def test_parts_of_a_message_keep_their_order_in_both_directions(scripted: Letta) -> None:
    agent = scripted.agents.create(model=MODEL)
    conversation = scripted.conversations.create(agent_id=agent.id)
    step = '{"reasoning": "hm", "text": "so", "tool": "memory_insert", "args": {}}'
    say(scripted, conversation.id, f"<<plan [{step}]>>")
    parts = ["reasoning_message", "assistant_message", "tool_call_message"]
    listed = scripted.conversations.messages.list(conversation.id, order="asc")
    assert kinds(listed) == [
        "system_message",
        "user_message",
        *parts,
        "tool_return_message",
        "assistant_message",
    ]
    listed = scripted.conversations.messages.list(conversation.id)
    assert kinds(listed) == [
        "assistant_message",
        "tool_return_message",
        *parts,
        "user_message",
        "system_message",
    ]
    assert len({item.id for item in checked(listed).items[2:5]}) == 1


def test_the_stream_told_what_the_list_tells(client: Letta, conversation: Conversation) -> None:
    told = [one.to_dict() for one in ask(client, conversation.id, "Hello!")]
    listed = oldest_first(client, conversation.id)
    assert listed[-1].to_dict() == told[1]
    assert listed[1].to_dict()["run_id"] == told[1]["run_id"]


@needs("conversations.messages.list", "include_return_message_types")
def test_lists_can_be_narrowed_to_types(client: Letta, conversation: Conversation) -> None:
    say(client, conversation.id, "Hello!")
    listed = client.conversations.messages.list(
        conversation.id,
        include_return_message_types=["user_message"],
        include_err=True,
        order_by="created_at",
    )
    assert kinds(checked(listed)) == ["user_message"]


@needs("conversations.messages.list", "group_id")
def test_lists_can_be_narrowed_to_a_group(client: Letta, conversation: Conversation) -> None:
    say(client, conversation.id, "Hello!")
    assert list(client.conversations.messages.list(conversation.id, group_id="group-none")) == []


@needs("conversations.messages.compact")
def test_compacting_puts_a_summary_in_place_of_the_history(
    client: Letta, conversation: Conversation
) -> None:
    say(client, conversation.id, "My name is Nadia.")
    say(client, conversation.id, "I live in Porto.")
    before = history(client, conversation.id)
    done = checked(
        client.conversations.messages.compact(conversation.id, compaction_settings={"mode": "all"})
    )
    assert (done.num_messages_before, done.num_messages_after) == (5, 2)
    context = client.conversations.retrieve(conversation.id).in_context_message_ids
    assert context is not None
    assert len(context) == 2
    assert set(before) <= set(history(client, conversation.id))
    assert say(client, conversation.id, "What is my name?") == "Your name is Nadia."


@needs("conversations.messages.compact")
def test_the_same_history_has_the_same_summary(client: Letta, agent: AgentState) -> None:
    summaries = set()
    for _ in range(2):
        conversation = client.conversations.create(agent_id=agent.id).id
        say(client, conversation, "My name is Nadia.")
        say(client, conversation, "I live in Porto.")
        compact = client.conversations.messages.compact
        summaries.add(compact(conversation, compaction_settings={"mode": "all"}).summary)
    (summary,) = summaries
    assert "Porto" in summary


@needs("conversations.messages.compact")
def test_what_cannot_get_shorter_is_not_compacted(
    client: Letta, agent: AgentState, conversation: Conversation
) -> None:
    with pytest.raises(BadRequestError, match="Summarization failed to reduce"):
        client.conversations.messages.compact(conversation.id)
    with pytest.raises(BadRequestError, match="Summarization failed to reduce"):
        client.conversations.messages.compact("default", agent_id=agent.id)


@needs("conversations.messages.compact")
def test_the_newest_messages_survive_a_sliding_window(
    client: Letta, conversation: Conversation
) -> None:
    for number in range(5):
        say(client, conversation.id, f"Say 'number {number}' back to me")
    before = client.conversations.retrieve(conversation.id).in_context_message_ids or []
    done = checked(client.conversations.messages.compact(conversation.id))
    after = client.conversations.retrieve(conversation.id).in_context_message_ids or []
    assert (done.num_messages_before, done.num_messages_after) == (len(before), len(after))
    kept = after[2:]
    assert kept
    assert (after[0], kept) == (before[0], before[-len(kept) :])


@needs("conversations.create", "context_window_limit")
def test_a_small_context_window_is_compacted_by_itself(client: Letta, agent: AgentState) -> None:
    conversation = client.conversations.create(agent_id=agent.id, context_window_limit=300).id
    for number in range(8):
        say(client, conversation, f"My number is {number}.")
    assert len(context_of(client, conversation)) < 17
    assert "7" in say(client, conversation, "What is my number?")


@needs("conversations.messages.compact")
@pytest.mark.anyio
async def test_messages_are_listed_and_compacted_asynchronously(
    async_client: AsyncLetta, client: Letta, conversation: Conversation
) -> None:
    say(client, conversation.id, "Hello!")
    say(client, conversation.id, "Hello again!")
    messages = async_client.conversations.messages
    page = checked(await messages.list(conversation.id, order="asc"))
    assert page.items == oldest_first(client, conversation.id)
    done = await messages.compact(conversation.id, compaction_settings={"mode": "all"})
    assert checked(done).num_messages_after == 2
