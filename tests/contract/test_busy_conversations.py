"""One streamed turn at a time: who waits, what cancelling leaves, and clients that go away."""

import asyncio

import pytest
from letta_client import APIStatusError, ConflictError, Letta
from letta_client.types import Conversation

from mockletta.brain.decisions import Decision, ModelCall, ToolCall
from mockletta.world.pace import Pace
from tests.contract.conftest import MODEL, Connect, Serve, async_client_of
from tests.contract.sdk import needs
from tests.contract.talk import (
    agent_with_memory,
    ask,
    await_frames,
    conversation_of,
    ended,
    history,
    kinds,
    reply,
    run_of,
    say,
    text_of,
)
from tests.contract.undeclared import checked

FOR_EVER = Pace(ttft=600)
SLOW = Pace(tokens_per_second=200)


class Stalling:
    """A brain that calls a tool at once and then thinks for ever."""

    def decide(self, call: ModelCall) -> Decision:
        if call.messages[-1].role == "tool":
            return Decision(text="At last.", ttft=600)
        return Decision(tool_calls=(ToolCall("call_1", "conversation_search", '{"query": "x"}'),))


def test_a_second_stream_is_refused_and_told_which_run_is_busy(connect: Connect) -> None:
    client = connect(pace=FOR_EVER)
    conversation = conversation_of(client, agent_with_memory(client))
    with client.conversations.messages.create(conversation, input="Hello!") as stream:
        run_id = run_of(stream)
        with pytest.raises(ConflictError) as refused:
            client.conversations.messages.create(conversation, input="Hello?")
    assert refused.value.body == {
        "detail": "CONFLICT: Cannot send a new message: Another request "
        f"(run_id={run_id}) is currently being processed for this conversation. "
        "Please wait for it to complete.",
        "run_id": run_id,
    }


def test_another_conversation_is_not_held_up(connect: Connect) -> None:
    client = connect(pace=Pace(ttft=0.02))
    agent = agent_with_memory(client)
    streams = [
        client.conversations.messages.create(conversation_of(client, agent), input="Hello!")
        for _ in range(3)
    ]
    texts = {text_of(checked(list(stream))) for stream in reversed(streams)}
    assert len(texts) == 1


def test_without_streaming_nobody_waits(scripted: Letta) -> None:
    agent = scripted.agents.create(model=MODEL)
    conversation = conversation_of(scripted, agent.id)
    with scripted.conversations.messages.create(conversation, input="<<hang 600>>") as stream:
        next(stream)
        answer = reply(scripted, conversation, input="short")
    assert text_of(answer.messages) == "Reply 1 to: short"


@needs("conversations.messages.create", "agent_id")
def test_an_agents_own_history_takes_one_turn_at_a_time_in_both_modes(connect: Connect) -> None:
    client = connect(pace=FOR_EVER)
    agent = agent_with_memory(client)
    create = client.conversations.messages.create
    with create("default", agent_id=agent, input="Hello!") as stream:
        next(stream)
        with pytest.raises(ConflictError):
            create(agent, input="Hello?")
        with pytest.raises(ConflictError):
            reply(client, "default", agent_id=agent, input="Hello?")


def test_a_finished_turn_frees_its_conversation(client: Letta, conversation: Conversation) -> None:
    assert say(client, conversation.id, "Say 'one' back to me") == "one"
    assert say(client, conversation.id, "Say 'two' back to me") == "two"


def test_a_failed_turn_frees_its_conversation(scripted: Letta) -> None:
    conversation = conversation_of(scripted, scripted.agents.create(model=MODEL).id)
    with pytest.raises(Exception, match="fake error 500"):
        ask(scripted, conversation, "<<error 500>>")
    assert say(scripted, conversation, "still there?") == "Reply 1 to: still there?"


@needs("conversations.cancel")
def test_cancelling_in_the_middle_ends_the_stream_after_what_was_said(scripted: Letta) -> None:
    conversation = conversation_of(scripted, scripted.agents.create(model=MODEL).id)
    stream = scripted.conversations.messages.create(
        conversation, input="<<slow 600>>", stream_tokens=True
    )
    begun = [next(stream), next(stream)]
    assert checked(scripted.conversations.cancel(conversation)) == {run_of(begun): "cancelled"}
    assert kinds(begun + list(stream)) == ["ping", "assistant_message", "stop_reason"]
    assert history(scripted, conversation) == []
    assert say(scripted, conversation, "and now?") == "Reply 1 to: and now?"


@needs("conversations.cancel")
def test_cancelling_keeps_the_steps_that_were_done(connect: Connect) -> None:
    client = connect(brain=Stalling())
    conversation = conversation_of(client, agent_with_memory(client))
    stream = client.conversations.messages.create(conversation, input="Search")
    await_frames(stream, "tool_return_message", 1)
    client.conversations.cancel(conversation)
    assert kinds(stream) == ["stop_reason"]
    kept = [kind for kind, _ in history(client, conversation)]
    assert kept == ["user_message", "tool_call_message", "tool_return_message"]


@needs("conversations.cancel")
def test_a_cancelled_background_run_is_told_to_its_end(connect: Connect) -> None:
    client = connect(pace=FOR_EVER)
    conversation = conversation_of(client, agent_with_memory(client))
    stream = client.conversations.messages.create(conversation, input="Hello!", background=True)
    run_id = run_of([next(stream)])
    client.conversations.cancel(conversation)
    assert kinds(stream) == ["stop_reason"]
    again = client.runs.messages.stream(run_id)
    assert kinds(again) == ["ping", "stop_reason"]


@pytest.mark.parametrize("background", [False, True])
def test_a_client_that_goes_away_leaves_a_whole_turn_behind(
    connect: Connect, *, background: bool
) -> None:
    client = connect(pace=SLOW)
    conversation = conversation_of(client, agent_with_memory(client))
    stream = client.conversations.messages.create(
        conversation,
        input="Say 'one two three' back to me",
        stream_tokens=True,
        background=background,
    )
    run_id = run_of([next(stream)])
    stream.close()
    run = ended(client, run_id)
    assert (run.status, run.stop_reason) == ("completed", "end_turn")
    assert history(client, conversation) == [
        ("user_message", "Say 'one two three' back to me"),
        ("assistant_message", "one two three"),
    ]
    assert say(client, conversation, "Say 'four' back to me") == "four"


def test_a_conversation_stays_busy_when_its_client_goes_away(connect: Connect) -> None:
    client = connect(pace=FOR_EVER)
    conversation = conversation_of(client, agent_with_memory(client))
    with client.conversations.messages.create(conversation, input="Hello!") as stream:
        run_id = run_of(stream)
    with pytest.raises(ConflictError, match=run_id):
        client.conversations.messages.create(conversation, input="Hello?")


@needs("conversations.delete")
def test_deleting_a_busy_conversation_ends_its_stream(connect: Connect) -> None:
    client = connect(pace=FOR_EVER)
    conversation = conversation_of(client, agent_with_memory(client))
    stream = client.conversations.messages.create(conversation, input="Hello!")
    next(stream)
    client.conversations.delete(conversation)
    assert kinds(stream) == ["stop_reason"]


def test_deleting_an_agent_fails_its_streams(connect: Connect) -> None:
    client = connect(pace=FOR_EVER)
    agent_id = agent_with_memory(client)
    stream = client.conversations.messages.create(conversation_of(client, agent_id), input="Hello!")
    next(stream)

    client.agents.delete(agent_id)

    assert kinds([next(stream)]) == ["stop_reason"]
    with pytest.raises(APIStatusError, match="An unknown error occurred") as raised:
        next(stream)
    body = raised.value.body
    assert isinstance(body, dict)
    assert body["error_type"] == "internal_error"
    assert body["detail"].endswith("does not exist")


def test_pings_fill_the_silence_and_show_nothing_new(connect: Connect) -> None:
    client = connect(pace=FOR_EVER, keepalive=0.005)
    conversation = conversation_of(client, agent_with_memory(client))
    with client.conversations.messages.create(
        conversation, input="Hello!", background=True
    ) as stream:
        pings = checked([next(stream) for _ in range(4)])
    assert kinds(pings) == ["ping"] * 4
    assert {getattr(ping, "seq_id", None) for ping in pings} == {1}
    assert len({getattr(ping, "id", None) for ping in pings}) == 4


@pytest.mark.anyio
async def test_an_asynchronous_client_is_refused_likewise(serve: Serve) -> None:
    async with async_client_of(serve(pace=FOR_EVER)) as client:
        agent = await client.agents.create(model=MODEL)
        conversation = await client.conversations.create(agent_id=agent.id)
        create = client.conversations.messages.create
        async with await create(conversation.id, input="Hello!") as stream:
            await anext(aiter(stream))
            with pytest.raises(ConflictError):
                await create(conversation.id, input="Hello?")


@pytest.mark.anyio
async def test_many_conversations_are_answered_at_once(serve: Serve) -> None:
    async with async_client_of(serve(pace=SLOW)) as client:
        agent = await client.agents.create(model=MODEL)

        async def talk(number: int) -> str:
            conversation = await client.conversations.create(agent_id=agent.id)
            stream = await client.conversations.messages.create(
                conversation.id, input=f"Say 'I am {number}' back to me", stream_tokens=True
            )
            return text_of([frame async for frame in stream])

        answers = await asyncio.gather(*map(talk, range(20)))
        assert answers == [f"I am {number}" for number in range(20)]
