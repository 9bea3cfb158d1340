"""client.conversations.messages: what is sent and what comes back."""

import pytest
from letta_client import (
    AsyncLetta,
    BadRequestError,
    Letta,
    UnprocessableEntityError,
)
from letta_client.types import AgentState, Conversation, ToolReturnMessage
from letta_client.types.agents import ToolCallMessage

from tests.contract.sdk import needs
from tests.contract.talk import (
    agent_with_memory,
    ask,
    conversation_of,
    history,
    kinds,
    oldest_first,
    plain,
    reply,
    say,
    text_of,
)
from tests.contract.undeclared import checked

REMEMBER = "Please update your core memory to note that the shop closes at nine."
PIXEL = "aGk="


def test_a_message_is_answered_step_by_step(client: Letta, conversation: Conversation) -> None:
    ping, answer, stop, usage = (plain(one) for one in ask(client, conversation.id, "Hello!"))
    common = {"name": None, "sender_id": None, "is_err": None, "seq_id": None}
    run_id = ping["run_id"]
    assert ping == {
        **common,
        "id": ping["id"],
        "date": ping["date"],
        "run_id": run_id,
        "message_type": "ping",
        "otid": None,
        "step_id": None,
    }
    assert answer == {
        **common,
        "id": answer["id"],
        "date": answer["date"],
        "run_id": run_id,
        "message_type": "assistant_message",
        "otid": answer["otid"],
        "step_id": answer["step_id"],
        "content": answer["content"],
    }
    assert stop == {"message_type": "stop_reason", "stop_reason": "end_turn"}
    assert (usage["message_type"], usage["step_count"]) == ("usage_statistics", 1)


def test_a_tool_call_and_its_return_are_told_before_the_answer(client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client))
    told = ask(client, conversation, REMEMBER)
    assert kinds(told) == [
        "ping",
        "tool_call_message",
        "tool_return_message",
        "assistant_message",
        "stop_reason",
        "usage_statistics",
    ]
    called, returned = told[1], told[2]
    assert isinstance(called, ToolCallMessage)
    assert isinstance(returned, ToolReturnMessage)
    assert called.tool_call.name == returned.name == "memory_insert"
    assert called.tool_call.tool_call_id == returned.tool_call_id
    assert (returned.status, called.step_id) == ("success", returned.step_id)


def test_without_streaming_the_answer_is_one_body(
    client: Letta, conversation: Conversation
) -> None:
    answer = reply(client, conversation.id, input="Say 'one body' back to me")
    assert (kinds(answer.messages), text_of(answer.messages)) == (
        ["assistant_message"],
        "one body",
    )
    assert answer.stop_reason.to_dict() == {
        "message_type": "stop_reason",
        "stop_reason": "end_turn",
    }
    assert answer.usage.step_count == 1
    assert [kind for kind, _ in history(client, conversation.id)] == [
        "user_message",
        "assistant_message",
    ]


def test_the_sdks_own_method_reaches_the_one_body_through_the_raw_response(
    client: Letta, conversation: Conversation
) -> None:
    raw = client.conversations.messages.with_raw_response.create(
        conversation.id, input="Hello!", streaming=False
    )
    assert raw.headers["content-type"] == "application/json"
    assert raw.json().keys() == {"messages", "stop_reason", "usage", "logprobs", "turns"}  # type: ignore[attr-defined]


def test_both_modes_give_the_same_text_and_the_same_usage(client: Letta, agent: AgentState) -> None:
    first, second = (client.conversations.create(agent_id=agent.id).id for _ in range(2))
    told = ask(client, first, "My name is Nadia.")
    answer = reply(client, second, input="My name is Nadia.")
    assert text_of(answer.messages) == text_of(told)
    assert answer.usage.to_dict() == told[-1].to_dict()


def test_tokens_are_words_that_join_to_the_whole_text(
    client: Letta, agent: AgentState, conversation: Conversation
) -> None:
    twin = client.conversations.create(agent_id=agent.id)
    whole = say(client, twin.id, "Hello!")
    told = checked(
        list(
            client.conversations.messages.create(
                conversation.id, input="Hello!", stream_tokens=True
            )
        )
    )
    tokens = [one.to_dict() for one in told if one.message_type == "assistant_message"]
    assert [str(token["content"]).rstrip() for token in tokens] == whole.split()
    assert text_of(told) == whole
    assert len({(one["id"], one["otid"], one["run_id"], one["step_id"]) for one in tokens}) == 1
    assert history(client, conversation.id)[-1] == ("assistant_message", whole)


def test_tool_arguments_are_streamed_in_pieces(client: Letta) -> None:
    stream = client.conversations.messages.create(
        conversation_of(client, agent_with_memory(client)), input=REMEMBER, stream_tokens=True
    )
    deltas = [one.tool_call for one in checked(list(stream)) if isinstance(one, ToolCallMessage)]
    head, *pieces = deltas
    assert (head.name, head.arguments) == ("memory_insert", None)
    assert {piece.name for piece in pieces} == {None}
    assert "The shop closes at nine." in "".join(str(piece.arguments) for piece in pieces)
    assert {delta.tool_call_id for delta in deltas} == {head.tool_call_id}


def test_input_and_messages_say_the_same(client: Letta, agent: AgentState) -> None:
    by_input, by_messages = (client.conversations.create(agent_id=agent.id).id for _ in range(2))
    say(client, by_input, "My name is Nadia.")
    list(
        client.conversations.messages.create(
            by_messages, messages=[{"role": "user", "content": "My name is Nadia."}]
        )
    )
    assert history(client, by_input) == history(client, by_messages)


def test_neither_and_both_of_input_and_messages_are_refused(
    client: Letta, conversation: Conversation
) -> None:
    create = client.conversations.messages.create
    with pytest.raises(UnprocessableEntityError, match="Must specify either"):
        create(conversation.id)
    with pytest.raises(UnprocessableEntityError, match="Cannot specify both"):
        create(conversation.id, input="Hi", messages=[{"role": "user", "content": "Hi"}])
    with pytest.raises(UnprocessableEntityError) as refused:
        create(conversation.id, messages=[])
    assert refused.value.body == {"detail": "Messages must not be empty"}


def test_an_empty_message_is_refused_and_not_kept(
    client: Letta, conversation: Conversation
) -> None:
    with pytest.raises(BadRequestError, match="Message content is empty or invalid"):
        reply(client, conversation.id, input="")
    assert history(client, conversation.id) == []


def test_several_messages_are_one_turn(client: Letta, conversation: Conversation) -> None:
    stream = client.conversations.messages.create(
        conversation.id,
        messages=[
            {"role": "user", "content": "My name is Nadia.", "otid": "first"},
            {"role": "user", "content": "What is my name?", "otid": "second"},
        ],
    )
    assert text_of(checked(list(stream))) == "Your name is Nadia."
    assert history(client, conversation.id) == [
        ("user_message", "My name is Nadia."),
        ("user_message", "What is my name?"),
        ("assistant_message", "Your name is Nadia."),
    ]
    otids = [message.otid for message in oldest_first(client, conversation.id)]
    assert otids[1:3] == ["first", "second"]


def test_a_picture_is_kept_beside_its_text(client: Letta, conversation: Conversation) -> None:
    stream = client.conversations.messages.create(
        conversation.id,
        input=[
            {"type": "text", "text": "Look at this."},
            {
                "type": "image",
                "source": {"type": "base64", "media_type": "image/png", "data": PIXEL},
            },
        ],
    )
    assert "image" in text_of(checked(list(stream)))
    content = getattr(oldest_first(client, conversation.id)[1], "content", None)
    text, image = [part.to_dict() for part in content or []]
    assert text == {"type": "text", "text": "Look at this.", "signature": None}
    source = {"type": "letta", "media_type": "image/png", "data": PIXEL, "detail": None}
    assert image == {
        "type": "image",
        "source": {**source, "file_id": image["source"]["file_id"]},
    }


def test_a_single_text_part_comes_back_as_text(client: Letta, conversation: Conversation) -> None:
    list(
        client.conversations.messages.create(
            conversation.id, input=[{"type": "text", "text": "Say 'part' back to me"}]
        )
    )
    assert history(client, conversation.id) == [
        ("user_message", "Say 'part' back to me"),
        ("assistant_message", "part"),
    ]


@needs("conversations.messages.create", "agent_id")
def test_an_agents_own_history_is_talked_to_through_default_or_its_id(
    client: Letta, agent: AgentState, conversation: Conversation
) -> None:
    create = client.conversations.messages.create
    list(create("default", agent_id=agent.id, input="My name is Nadia."))
    answer = text_of(checked(list(create(agent.id, input="What is my name?"))))
    assert answer == "Your name is Nadia."
    listed = client.conversations.messages.list("default", agent_id=agent.id)
    assert kinds(checked(listed)) == kinds(client.conversations.messages.list(agent.id))
    assert len(listed.items) == 5
    assert history(client, conversation.id) == []


@pytest.mark.anyio
async def test_messages_are_streamed_asynchronously(
    async_client: AsyncLetta, conversation: Conversation
) -> None:
    messages = async_client.conversations.messages
    stream = await messages.create(
        conversation.id, input="Say 'a b' back to me", stream_tokens=True
    )
    told = checked([frame async for frame in stream])
    assert text_of(told) == "a b"
    assert kinds(told) == [
        "ping",
        "assistant_message",
        "assistant_message",
        "stop_reason",
        "usage_statistics",
    ]
