"""client.agents.messages.list: an agent's messages, of all its conversations or of one."""

from typing import Any

import pytest
from letta_client import (
    Letta,
    NotFoundError,
)
from letta_client.types import AgentState, Conversation

from tests.contract.agent_talk import Caller, make_agent, told
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.talk import kinds
from tests.contract.undeclared import checked

pytestmark = pytest.mark.filterwarnings("ignore:deprecated")  # the SDK's word on `stream`

UNKNOWN = "message-00000000-0000-4000-8000-000000000000"
ECHO = "Say 'ping' back to me"


def ids(client: Letta, agent_id: str, **query: object) -> list[str]:
    page = client.agents.messages.list(agent_id, **query)  # type: ignore[arg-type]
    return [str(item.id) for item in page.items]


@needs("agents.messages.list", "include_return_message_types")
def test_the_messages_of_all_conversations_are_listed(
    client: Letta, conversation: Conversation
) -> None:
    agent_id = conversation.agent_id
    client.agents.messages.create(agent_id, input="Say 'one' back to me")
    list(client.conversations.messages.create(conversation.id, input="Say 'two' back to me"))

    def said(**query: object) -> list[object]:
        types = ["assistant_message"]
        found = told(client, agent_id, include_return_message_types=types, **query)
        return [text for _, text in found]

    assert (said(), said(order="asc")) == (["two", "one"], ["one", "two"])
    assert (said(conversation_id="default"), said(conversation_id=conversation.id)) == (
        ["one"],
        ["two"],
    )
    assert said(conversation_id="conv-00000000-0000-4000-8000-000000000000") == []


def test_messages_are_paged_in_the_requested_order(client: Letta, agent: AgentState) -> None:
    for _ in range(2):
        client.agents.messages.create(agent.id, input=ECHO)
    a, b, c, d, e = ids(client, agent.id, order="asc")

    assert ids(client, agent.id) == [e, d, c, b, a]
    assert ids(client, agent.id, limit=2) == [e, d]
    assert ids(client, agent.id, limit=2, after=d) == [c, b]
    assert ids(client, agent.id, limit=2, before=a) == [c, b]
    assert ids(client, agent.id, order="asc", limit=2, after=b) == [c, d]
    assert ids(client, agent.id, order="asc", limit=2, before=e) == [c, d]
    assert ids(client, agent.id, limit=0) == []


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_every_page_of_messages_is_reached_once(
    client: Letta, agent: AgentState, order: str
) -> None:
    for _ in range(3):
        client.agents.messages.create(agent.id, input=ECHO)
    page = client.agents.messages.list(agent.id, limit=2, order=order)  # type: ignore[arg-type]

    found = [str(item.id) for item in page]

    assert (len(found), sorted(found)) == (7, sorted(set(found)))


def test_a_step_is_listed_as_its_parts(connect: Connect) -> None:
    client = connect(brain=Caller())
    agent_id = make_agent(client)
    client.agents.messages.create(agent_id, input="Go!", max_steps=1)

    page = checked(client.agents.messages.list(agent_id, limit=2, use_assistant_message=True))

    assert kinds(page.items) == ["tool_return_message", "assistant_message", "tool_call_message"]
    assert page.items[1].id == page.items[2].id


def test_messages_are_found_by_their_group(client: Letta, agent: AgentState) -> None:
    client.agents.messages.create(
        agent.id, messages=[{"role": "user", "content": ECHO, "group_id": "group-1"}]
    )

    assert told(client, agent.id, group_id="group-1") == [("user_message", ECHO)]
    assert told(client, agent.id, group_id="group-2", include_err=True) == []


def test_an_empty_conversation_has_no_messages(client: Letta, agent: AgentState) -> None:
    assert told(client, agent.id, conversation_id="") == []


def test_the_list_of_all_messages_knows_no_groups_and_no_orders(
    client: Letta, agent: AgentState
) -> None:
    query = {"group_id": "group-1", "order_by": "x"}
    found: Any = client.get("/v1/messages/", cast_to=object, options={"params": query})

    assert [one["message_type"] for one in found] == ["system_message"]


@pytest.mark.parametrize("cursor", ["after", "before"])
def test_an_unknown_cursor_is_not_found(client: Letta, agent: AgentState, cursor: str) -> None:
    for messages in (client.agents.messages, client.conversations.messages):
        with pytest.raises(NotFoundError) as refused:
            messages.list(agent.id, **{cursor: UNKNOWN})  # type: ignore[arg-type]

        assert refused.value.body == {
            "detail": f"No message found with id '{UNKNOWN}' for agent '{agent.id}'."
        }
