"""The world's time, and how fast replies come, as the real SDK sees them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from letta_client import Letta
from letta_client.types.agents import LettaStreamingResponse

from mockletta.testing.mock_letta import MockLetta
from mockletta.world.pace import Pace
from tests.contract.conftest import sync_client
from tests.contract.talk import (
    agent_with_memory,
    await_pause,
    conversation_of,
    kinds,
    run_of,
    text_of,
)
from tests.contract.undeclared import checked

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
COUNTING = "Count from 1 to 200"
NUMBERS = ", ".join(map(str, range(1, 201)))
Serve = Callable[..., MockLetta]
Connect = Callable[..., Letta]


def tokens(
    client: Letta, conversation: str, text: str, *, background: bool = False
) -> list[LettaStreamingResponse]:
    stream = client.conversations.messages.create(
        conversation, input=text, stream_tokens=True, background=background
    )
    return checked(list(stream))


@pytest.mark.parametrize("background", [False, True])
def test_a_slow_stream_takes_no_time_by_a_frozen_clock_and_has_no_keepalives(
    connect: Connect, background: bool
) -> None:
    client = connect(freeze="2026-01-01", pace=Pace(600, 1), keepalive=0.000_1)
    conversation = conversation_of(client, agent_with_memory(client))

    told = tokens(client, conversation, COUNTING, background=background)

    assert NUMBERS in text_of(told)
    assert kinds(told) == [
        "ping",
        *["assistant_message"] * (len(told) - 3),
        "stop_reason",
        "usage_statistics",
    ]
    assert len(told) >= 200


def test_a_slow_reply_without_a_stream_and_a_later_one_take_no_time_either(
    connect: Connect,
) -> None:
    client = connect(freeze="2026-01-01", pace=Pace(600, 1))
    agent_id = agent_with_memory(client)

    answer = client.agents.messages.create(agent_id, input=COUNTING)
    run = client.agents.messages.create_async(agent_id, input=COUNTING)

    assert NUMBERS in text_of(answer.messages)
    assert client.runs.retrieve(run.id).status == "completed"


def test_what_is_made_by_a_frozen_clock_is_of_that_time(serve: Serve) -> None:
    mock = serve(freeze=NEW_YEAR)
    with sync_client(mock) as client:
        first = client.blocks.create(label="a", value="")
        agent = client.agents.create(model="openai/gpt-4o-mini")
        mock.world.clock.advance(timedelta(days=1))
        conversation = client.conversations.create(agent_id=agent.id)

    assert first.id
    assert agent.created_at == NEW_YEAR
    assert conversation.created_at == NEW_YEAR + timedelta(days=1)


def test_what_is_made_later_is_younger_in_a_deterministic_world(connect: Connect) -> None:
    client = connect(deterministic=True)

    made = [client.agents.create(model="openai/gpt-4o-mini") for _ in range(3)]

    times = [agent.created_at or NEW_YEAR for agent in made]
    assert NEW_YEAR <= times[0] < times[1] < times[2] < NEW_YEAR + timedelta(seconds=1)


def test_a_slow_reply_is_over_when_the_clock_is_frozen(serve: Serve) -> None:
    mock = serve(pace=Pace(600, 1 / 600))
    with sync_client(mock) as client:
        conversation = conversation_of(client, agent_with_memory(client))
        stream = client.conversations.messages.create(conversation, input=COUNTING)
        assert next(stream).message_type == "ping"
        mock.world.clock.freeze()

        assert NUMBERS in text_of(stream)


def test_a_keepalive_and_the_reply_come_when_the_clock_is_moved_on(serve: Serve) -> None:
    mock = serve(pace=Pace(600))
    clock = mock.world.clock
    with sync_client(mock) as client:
        conversation = conversation_of(client, agent_with_memory(client))
        stream = client.conversations.messages.create(conversation, input="Say 'yes' back to me")
        run_id = run_of([next(stream)])
        await_pause(clock)
        clock.advance(30)
        ping = next(stream)
        clock.advance(600)

        assert (ping.message_type, run_of([ping])) == ("ping", run_id)
        assert text_of(stream) == "yes"


@pytest.mark.parametrize("whose", ["rule", "request"])
def test_a_rule_and_a_request_can_have_keepalives_of_their_own(serve: Serve, whose: str) -> None:
    mock = serve(keepalive=600)
    mock.when("hello").say("Hi!", ttft=900, **({"keepalive": "5s"} if whose == "rule" else {}))
    asked = "ttft=900, keepalive=5" if whose == "request" else ""
    headers = {"X-Mockletta-Pace": asked} if asked else {}
    with sync_client(mock) as client:
        conversation = conversation_of(client, agent_with_memory(client))
        stream = client.conversations.messages.create(
            conversation, input="hello", extra_headers=headers
        )
        next(stream)
        await_pause(mock.clock)
        mock.clock.advance(6)
        ping = next(stream)
        mock.clock.advance(900)

        assert ping.message_type == "ping"
        assert text_of(stream) == "Hi!"
