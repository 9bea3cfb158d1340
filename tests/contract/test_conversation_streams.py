"""Background runs and client.conversations.messages.stream: following a run a second time."""

from typing import Any

import pytest
from letta_client import APIStatusError, AsyncLetta, BadRequestError, Letta, NotFoundError
from letta_client.types import Conversation
from letta_client.types.agents import LettaStreamingResponse

from mockletta import MockLetta, Pace
from tests.contract.conftest import Connect
from tests.contract.sdk import needs
from tests.contract.talk import (
    agent_with_memory,
    ask,
    conversation_of,
    history,
    kinds,
    oldest_first,
    run_of,
    say,
    text_of,
)
from tests.contract.undeclared import checked

UNKNOWN_RUN = "run-00000000-0000-4000-8000-000000000000"
UNKNOWN = "conv-00000000-0000-4000-8000-000000000000"


@pytest.fixture
def slow(mock: MockLetta) -> MockLetta:
    """The client's server: its replies take for ever, until its clock is frozen."""
    mock.world.pace = Pace(ttft=600)
    return mock


def test_frames_of_a_background_run_are_numbered_from_one(
    client: Letta, conversation: Conversation
) -> None:
    told = _in_background(client, conversation.id, "Say 'a b c' back to me")
    assert [getattr(frame, "seq_id", None) for frame in told] == [1, 2, 3, 4, None, None]
    assert text_of(told) == "a b c"
    assert client.runs.retrieve(run_of(told)).background


def test_frames_in_the_foreground_have_no_numbers(
    client: Letta, conversation: Conversation
) -> None:
    told = ask(client, conversation.id, "Hello!")
    assert {getattr(frame, "seq_id", None) for frame in told} == {None}


@needs("conversations.messages.stream", "run_id")
def test_a_finished_background_run_is_told_again_word_for_word(
    client: Letta, conversation: Conversation
) -> None:
    told = _in_background(client, conversation.id, "Hello!")
    again = client.conversations.messages.stream(conversation.id, run_id=run_of(told))
    assert checked(list(again)) == told
    assert len(history(client, conversation.id)) == 2


@needs("conversations.messages.stream", "run_id")
def test_with_a_run_the_conversation_is_not_looked_at(
    client: Letta, conversation: Conversation
) -> None:
    told = _in_background(client, conversation.id, "Hello!")
    assert list(client.conversations.messages.stream(UNKNOWN, run_id=run_of(told))) == told


@needs("conversations.messages.stream", "run_id")
@pytest.mark.parametrize(("seen", "first"), [(-1, 0), (0, 0), (1, 1), (3, 3), (4, 4), (5, 5)])
def test_following_goes_on_after_the_last_number_seen(
    client: Letta, conversation: Conversation, seen: int, first: int
) -> None:
    told = _in_background(client, conversation.id, "Say 'a b c' back to me")
    rest = client.conversations.messages.stream(
        conversation.id, run_id=run_of(told), starting_after=seen
    )
    assert checked(list(rest)) == told[first:]


@needs("conversations.messages.stream", "otid")
def test_a_run_is_found_by_each_otid_of_its_request(
    client: Letta, conversation: Conversation
) -> None:
    told = checked(
        list(
            client.conversations.messages.create(
                conversation.id,
                background=True,
                messages=[
                    {"role": "user", "content": "I like tea.", "otid": "one"},
                    {"role": "user", "content": "What do I like?", "otid": "two"},
                ],
            )
        )
    )
    for otid in ("one", "two"):
        assert list(client.conversations.messages.stream(conversation.id, otid=otid)) == told
    with pytest.raises(NotFoundError):
        client.conversations.messages.stream(conversation.id, otid="three")


def test_the_run_under_way_is_followed_from_its_beginning(slow: MockLetta, client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client))
    first = client.conversations.messages.create(conversation, input="Hello!", background=True)
    ping = next(first)
    second = client.conversations.messages.stream(conversation)
    slow.clock.freeze()
    assert checked(list(second)) == [ping, *first]


@needs("conversations.messages.stream", "agent_id")
def test_an_agents_own_run_is_followed_through_default(slow: MockLetta, client: Letta) -> None:
    agent = agent_with_memory(client)
    first = client.conversations.messages.create(
        "default", agent_id=agent, input="Hello!", background=True
    )
    ping = next(first)
    second = client.conversations.messages.stream("default", agent_id=agent)
    slow.clock.freeze()
    assert checked(list(second)) == [ping, *first]


def test_a_client_comes_back_where_it_left(connect: Connect) -> None:
    client = connect(pace=Pace(tokens_per_second=200))
    conversation = conversation_of(client, agent_with_memory(client))
    stream = client.conversations.messages.create(
        conversation, input="Say 'a b c d' back to me", background=True, stream_tokens=True
    )
    seen = [next(stream) for _ in range(3)]
    stream.close()
    rest = client.runs.messages.stream(run_of(seen), starting_after=3)
    told = checked([*seen, *rest])
    assert text_of(told) == "a b c d"
    assert kinds(told)[-2:] == ["stop_reason", "usage_statistics"]


def test_there_is_nothing_to_follow_where_nothing_runs(
    client: Letta, conversation: Conversation
) -> None:
    _in_background(client, conversation.id, "Hello!")
    for reference in (conversation.id, UNKNOWN):
        with pytest.raises(BadRequestError) as refused:
            client.conversations.messages.stream(reference)
        assert refused.value.body == {
            "detail": "INVALID_ARGUMENT: No active runs found for this conversation."
        }


@needs("conversations.messages.stream", "run_id")
def test_only_runs_in_the_background_can_be_followed(
    client: Letta, conversation: Conversation
) -> None:
    told = ask(client, conversation.id, "Hello!")
    with pytest.raises(BadRequestError, match="not created in background mode"):
        client.conversations.messages.stream(conversation.id, run_id=run_of(told))
    with pytest.raises(NotFoundError):
        client.conversations.messages.stream(conversation.id, run_id=UNKNOWN_RUN)
    with pytest.raises(BadRequestError, match="Invalid run ID format"):
        client.conversations.messages.stream(conversation.id, run_id="run-nope")


@needs("conversations.messages.stream", "run_id")
def test_options_of_following_are_accepted(client: Letta, conversation: Conversation) -> None:
    told = _in_background(client, conversation.id, "Hello!")
    again = client.conversations.messages.stream(
        conversation.id,
        run_id=run_of(told),
        batch_size=1,
        include_pings=False,
        poll_interval=0.01,
    )
    assert list(again) == told


def test_a_repeated_otid_gets_the_first_runs_stream(
    client: Letta, conversation: Conversation
) -> None:
    first = _with_otid(client, conversation.id, "My name is Nadia.", "again")
    assert _with_otid(client, conversation.id, "My name is Olga.", "again") == first
    assert _with_otid(client, conversation.id, "My name is Nadia.", "new") != first
    assert [text for kind, text in history(client, conversation.id) if kind == "user_message"] == [
        "My name is Nadia.",
        "My name is Nadia.",
    ]


@pytest.mark.parametrize(
    ("otids", "is_known"),
    [(("a", "b"), True), (("b", "a"), False), (("a",), False), (("a", "b", None), False)],
)
def test_all_otids_of_a_request_must_be_those_of_the_first(
    client: Letta, conversation: Conversation, otids: tuple[str | None, ...], *, is_known: bool
) -> None:
    first = _with_otids(client, conversation.id, "a", "b")

    again = _with_otids(client, conversation.id, *otids)

    assert (again == first) is is_known


@pytest.mark.parametrize("otids", [("",), (None,), ("c", None)])
def test_a_message_without_an_otid_is_always_new(
    client: Letta, conversation: Conversation, otids: tuple[str | None, ...]
) -> None:
    first = _with_otids(client, conversation.id, *otids)

    assert _with_otids(client, conversation.id, *otids) != first


def test_an_empty_otid_is_listed(client: Letta, conversation: Conversation) -> None:
    _with_otids(client, conversation.id, "")

    assert oldest_first(client, conversation.id)[1].otid == ""


def _with_otids(client: Letta, conversation: str, *otids: str | None) -> str:
    messages: list[Any] = [{"role": "user", "content": "Hi.", "otid": otid} for otid in otids]
    told = client.conversations.messages.create(conversation, messages=messages, background=True)
    return run_of(list(told))


def test_a_repeated_otid_joins_a_run_that_is_under_way(slow: MockLetta, client: Letta) -> None:
    conversation = conversation_of(client, agent_with_memory(client))
    message = {"role": "user", "content": "Hello!", "otid": "joined"}
    streams = [
        client.conversations.messages.create(conversation, messages=[message], background=True)  # type: ignore[list-item]
        for _ in range(2)
    ]
    slow.clock.freeze()
    first, second = (checked(list(stream)) for stream in streams)
    assert first == second
    assert len(history(client, conversation)) == 2


def test_an_otid_in_the_foreground_is_only_kept(client: Letta, conversation: Conversation) -> None:
    for _ in range(2):
        list(
            client.conversations.messages.create(
                conversation.id, messages=[{"role": "user", "content": "Hi", "otid": "same"}]
            )
        )
    assert len(history(client, conversation.id)) == 4


@needs("conversations.messages.stream", "run_id")
@pytest.mark.anyio
async def test_runs_are_followed_asynchronously(
    async_client: AsyncLetta, client: Letta, conversation: Conversation
) -> None:
    told = _in_background(client, conversation.id, "Hello!")
    messages = async_client.conversations.messages
    stream = await messages.stream(conversation.id, run_id=run_of(told), starting_after=1)
    assert checked([frame async for frame in stream]) == told[1:]
    assert say(client, conversation.id, "Say 'free' back to me") == "free"


def _in_background(client: Letta, conversation: str, text: str) -> list[LettaStreamingResponse]:
    stream = client.conversations.messages.create(
        conversation, input=text, background=True, stream_tokens=True
    )
    return checked(list(stream))


def _with_otid(
    client: Letta, conversation: str, text: str, otid: str
) -> list[LettaStreamingResponse]:
    stream = client.conversations.messages.create(
        conversation,
        messages=[{"role": "user", "content": text, "otid": otid}],
        background=True,
    )
    return checked(list(stream))


@needs("conversations.messages.stream", "run_id")
def test_a_run_whose_events_were_dropped_has_expired(
    mock: MockLetta, client: Letta, conversation: Conversation
) -> None:
    list(client.conversations.messages.create(conversation.id, input="Hi", background=True))
    (run_id,) = mock.world.logs.by_run
    mock.world.logs.forget(run_id)
    mock.world.logs.dropped[run_id] = None
    with pytest.raises(APIStatusError, match="EXPIRED"):
        client.conversations.messages.stream(conversation.id, run_id=run_id)
