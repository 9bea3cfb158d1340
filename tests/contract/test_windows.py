"""Context windows that are full, and what a client is told of it."""

import contextlib

import httpx
import pytest
from letta_client import APIStatusError, AsyncLetta, BadRequestError, Letta
from letta_client.types.agents import EventMessage, SummaryMessage

from mockletta.testing.mock_letta import MockLetta
from tests.contract.sdk import needs
from tests.contract.talk import (
    MODEL,
    ask,
    context_of,
    conversation_of,
    history,
    kinds,
    reply,
    say,
    text_of,
)
from tests.contract.undeclared import checked

pytestmark = [pytest.mark.anyio, needs("environments.list")]
MANY = "word " * 4_000
"""5000 tokens."""
SMALL = "openai/gpt-4"
"""Its window has 8192 tokens."""
TOLD = ["ping", "assistant_message", "stop_reason", "usage_statistics"]
ASKED = ["ping", "assistant_message", "event_message", "summary_message", *TOLD[2:]]
TOO_LARGE = "context_window_overflow_in_system_prompt"


@pytest.fixture
def full(client: Letta) -> str:
    """A conversation whose next step is too much for its window."""
    agent = client.agents.create(model=MODEL, context_window_limit=1_000)
    conversation = conversation_of(client, agent.id)
    say(client, conversation, "My name is Nadia.")
    say(client, conversation, "I live in Oslo.")
    return conversation


BIG = "I like my dog. " * 200


def test_a_full_window_is_compacted_and_nothing_told_unless_asked_for(
    client: Letta, full: str
) -> None:
    first = context_of(client, full)[1]

    told = ask(client, full, BIG)

    assert kinds(told) == TOLD
    assert first not in context_of(client, full)
    assert [kind for kind, _ in history(client, full)].count("user_message") == 4
    assert say(client, full, "What is my name?") == "Your name is Nadia."


def test_who_asks_is_told_what_was_done(client: Letta, full: str) -> None:
    _, event, summary = reply(client, full, input=BIG, include_compaction_messages=True).messages

    assert isinstance(event, EventMessage)
    assert (event.event_type, event.event_data["context_window"]) == ("compaction", 1_000)
    assert isinstance(summary, SummaryMessage)
    assert "Nadia" in summary.summary
    stats = summary.compaction_stats
    assert stats is not None
    assert (stats.trigger, stats.messages_count_before) == ("post_step_context_check", 7)
    assert stats.messages_count_after == len(context_of(client, full))


@pytest.mark.parametrize("stream_tokens", [False, True])
def test_a_stream_tells_it_before_its_end(
    mock: MockLetta, full: str, *, stream_tokens: bool
) -> None:
    """Raw: the SDK's types of events in a stream do not know of these two."""
    body = {"input": BIG, "include_compaction_messages": True, "stream_tokens": stream_tokens}
    with httpx.Client(base_url=mock.base_url) as http:
        text = http.post(f"/v1/conversations/{full}/messages", json=body).text

    told = [part.partition('"')[0] for part in text.split('"message_type":"')[1:]]
    assert list(dict.fromkeys(told)) == ASKED


@needs("agents.messages.create", "include_compaction_messages")
async def test_an_agents_own_endpoint_tells_it_too(async_client: AsyncLetta) -> None:
    agent = await async_client.agents.create(model=MODEL, context_window_limit=1_000)
    create = async_client.agents.messages.create
    await create(agent.id, input="Hello!")

    silent = await create(agent.id, input=BIG)
    told = await create(agent.id, input=BIG, include_compaction_messages=True)

    assert kinds(checked(silent).messages) == ["assistant_message"]
    assert kinds(checked(told).messages) == ASKED[1:4]


def test_it_is_said_that_the_recorded_server_tells_it_otherwise(
    mock: MockLetta, client: Letta, full: str
) -> None:
    ask(client, full, BIG)

    [met] = mock.journal.last("conversations.messages.create").quirks
    assert met.quirk == "compaction-alerts"
    assert "would have answered a `user_message`." in met.sentence


def test_another_model_has_another_window(client: Letta) -> None:
    agent = client.agents.create(model=MODEL)
    conversation = conversation_of(client, agent.id)
    for _ in range(2):
        reply(client, conversation, input=MANY)
    first = context_of(client, conversation)[1]

    plain = reply(client, conversation, input="Hello!", include_compaction_messages=True)
    event, _, answer = reply(
        client,
        conversation,
        input="Hello!",
        include_compaction_messages=True,
        override_model=SMALL,
    ).messages

    assert kinds(plain.messages) == ["assistant_message"]
    assert isinstance(event, EventMessage)
    assert event.event_data["trigger"] == "context_window_exceeded"
    assert event.event_data["context_window"] == 8192
    assert text_of([answer]) != ""
    assert first not in context_of(client, conversation)


def test_a_message_that_no_window_holds_is_summed_up(client: Letta) -> None:
    agent = client.agents.create(model=SMALL)
    conversation = conversation_of(client, agent.id)

    told = reply(client, conversation, input=MANY * 2, include_compaction_messages=True)

    assert kinds(told.messages) == ["event_message", "summary_message", "assistant_message"]


def test_a_system_prompt_that_fills_the_window_ends_the_turn(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, context_window_limit=100)
    conversation = conversation_of(client, agent.id)

    with pytest.raises(BadRequestError, match=r"The system prompt tokens .* window 100"):
        reply(client, conversation, input="Hello!")
    stream = client.conversations.messages.create(conversation, input="Hello!")
    told = checked([next(stream) for _ in range(3)])
    with pytest.raises(APIStatusError, match="CONTEXT_WINDOW_EXCEEDED"):
        next(stream)

    assert kinds(told) == ["ping", "assistant_message", "stop_reason"]
    assert told[-1].to_dict()["stop_reason"] == TOO_LARGE


@pytest.mark.parametrize("window", [10**400, -(10**400)])
def test_a_window_of_any_size_is_no_fault_of_the_server(client: Letta, window: int) -> None:
    agent = client.agents.create(model=MODEL, context_window_limit=window)

    with contextlib.suppress(BadRequestError):
        client.agents.messages.create(agent.id, input="Hello!")
