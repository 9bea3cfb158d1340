"""client.messages: one message by its id, and those of all agents."""

import re

import pytest
from letta_client import APIStatusError, AsyncLetta, Letta, NotFoundError, UnprocessableEntityError
from letta_client.types import AgentState, Conversation

from mockletta.brain.decisions import Decision
from tests.contract.conftest import MODEL, Connect, Serve, checked, sync_client
from tests.contract.sdk import needs
from tests.contract.steps import Steps
from tests.contract.talk import kinds, say

pytestmark = [
    pytest.mark.anyio,
    needs("messages.retrieve"),
    needs("messages.list", "conversation_id"),
]
NOTHING = "message-00000000-0000-4000-8000-000000000000"
IMMUTABLE = "Messages are immutable as they may be shared across multiple conversations"


def listed(client: Letta, **query: object) -> list[str | None]:
    """What was said, by whom it may be."""
    found = checked(client.messages.list(**query))  # type: ignore[arg-type]
    return [
        str(getattr(one, "content", "")) for one in found if one.message_type != "system_message"
    ]


def test_a_message_is_retrieved_as_the_list_of_its_parts(client: Letta, agent: AgentState) -> None:
    client.agents.messages.create(agent.id, input="Say 'ping' back to me")
    _, asked, told = client.agents.messages.list(agent.id, order="asc").items

    assert checked(client.messages.retrieve(str(asked.id))) == [asked]
    [part] = checked(client.messages.retrieve(str(told.id)))
    assert part.message_type == "reasoning_message"
    assert (part.id, part.otid, part.run_id) == (told.id, told.otid, told.run_id)
    assert (part.reasoning, part.source) == ("ping", "non_reasoner_model")


def test_all_parts_of_a_message_come_together_the_last_one_first(serve: Serve) -> None:
    with sync_client(serve(brain=Steps(Decision(text="Well!", reasoning="Hm.")))) as client:
        agent = client.agents.create(model=MODEL)
        told = client.agents.messages.create(agent.id, input="Go!").messages

        parts = checked(client.messages.retrieve(str(told[0].id)))

    assert kinds(told) == ["reasoning_message", "assistant_message"]
    assert [getattr(part, "reasoning", None) for part in parts] == ["Well!", "Hm."]
    assert [part.otid for part in parts] == [one.otid for one in told][::-1]


def test_the_messages_of_all_agents_are_listed(client: Letta, conversation: Conversation) -> None:
    other = client.agents.create(model=MODEL)
    say(client, conversation.id, "Say 'one' back to me")
    client.agents.messages.create(other.id, input="Say 'two' back to me")
    one, two = ["Say 'one' back to me", "one"], ["Say 'two' back to me", "two"]

    assert listed(client, order="asc") == [*one, *two]
    assert listed(client) == [*one, *two][::-1]
    assert listed(client, conversation_id=conversation.id, order="asc") == one
    assert listed(client, conversation_id="default", order="asc") == two
    assert listed(client, include_return_message_types=["user_message"]) == [two[0], one[0]]


def test_the_messages_of_all_agents_are_paged(client: Letta, agent: AgentState) -> None:
    for _ in range(2):
        client.agents.messages.create(agent.id, input="Hello!")
    a, b, c, d, e = (one.id for one in client.messages.list(order="asc"))

    def ids(**query: object) -> list[str]:
        return [str(one.id) for one in client.messages.list(**query)]  # type: ignore[arg-type]

    assert ids(limit=2) == [e, d]
    assert ids(limit=2, after=d) == ids(limit=2, before=a) == [c, b]
    assert ids(limit=2, after=b, order="asc") == [c, d]
    assert ids(limit=0) == []


def test_the_recorded_order_is_a_quirk(connect: Connect) -> None:
    client = connect(quirks=["agent-messages-oldest-first"])
    agent = client.agents.create(model=MODEL)
    client.agents.messages.create(agent.id, input="Hello!")

    assert kinds(client.messages.list(limit=2)) == ["user_message", "assistant_message"]


def test_what_there_is_not_is_not_found(client: Letta, agent: AgentState) -> None:
    with pytest.raises(NotFoundError, match=f"Message with id {NOTHING} not found."):
        client.messages.retrieve(NOTHING)
    with pytest.raises(NotFoundError, match=f"No message found with id '{NOTHING}'"):
        client.messages.list(after=NOTHING)
    with pytest.raises(UnprocessableEntityError, match="message_id"):
        client.messages.retrieve("nope")


def test_messages_cannot_be_changed(client: Letta, agent: AgentState) -> None:
    [system] = client.agents.messages.list(agent.id).items
    path = f"/v1/agents/{agent.id}/messages/{system.id}"

    with pytest.raises(APIStatusError, match=IMMUTABLE) as refused:
        client.patch(path, body={"content": "x"}, cast_to=object)

    assert refused.value.status_code == 405
    assert client.agents.messages.list(agent.id).items == [system]


@pytest.mark.parametrize(
    "change", [{}, {"message_type": "user_message"}, {"content": 1}, {"reasoning": None}]
)
def test_a_wrong_change_of_a_message_is_told_so(
    client: Letta, agent: AgentState, change: dict[str, object]
) -> None:
    path = f"/v1/agents/{agent.id}/messages/{NOTHING}"

    with pytest.raises(UnprocessableEntityError) as refused:
        client.patch(path, body=change, cast_to=object)

    named = re.findall("Update([A-Z][a-z]+)Message", str(refused.value))
    assert list(dict.fromkeys(named)) == ["System", "User", "Reasoning", "Assistant"]


async def test_the_asynchronous_client_has_them_too(
    async_client: AsyncLetta,
    agent: AgentState,
) -> None:
    [system] = checked(await async_client.messages.list())

    assert checked(await async_client.messages.retrieve(str(system.id))) == [system]
