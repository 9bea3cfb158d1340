"""A model provider that fails because it is planned: before the first token, at it, and after."""

import pytest
from letta_client import APIStatusError, InternalServerError, RateLimitError

from mockletta.brain.provider_failures import FAILURES
from mockletta.errors import ModelError, OutOfCredits
from mockletta.faults.kinds.fail import FailFault
from mockletta.testing.mock_letta import MockLetta
from mockletta.turns.model_failures import as_answered, model_failed
from tests.contract.conftest import Serve, sync_client
from tests.contract.faulty_clients import (
    ALL,
    CREATE,
    MANNERS,
    Counter,
    Heard,
    Victim,
    attempts,
    listen,
    trying_again,
)
from tests.contract.talk import MODEL, ended, history, reply

LIMITED = "Rate limit exceeded for LLM model provider. Please wait before making another request."
IN_THE_MIDDLE = "An error occurred during agent execution."
BEFORE = ["ping", "stop_reason"]


@pytest.fixture(params=MANNERS)
def victim(serve: Serve, request: pytest.FixtureRequest) -> Victim:
    tell, speed = MANNERS[request.param]
    return Victim(serve(brain=Counter(speed)), tell)


@pytest.fixture
def quick(serve: Serve) -> Victim:
    return Victim(serve(brain=Counter()), listen)


def told(heard: Heard) -> tuple[object, object]:
    """Error type and message of the error event that was raised."""
    assert isinstance(heard.error, APIStatusError)
    body = heard.error.body
    assert isinstance(body, dict)
    return body["error_type"], body["message"]


def test_a_failure_before_the_first_token_is_told_by_its_kind(victim: Victim) -> None:
    heard = victim.hears("rate_limit")
    assert (heard.kinds, told(heard)) == (BEFORE, ("llm_rate_limit", LIMITED))


def test_a_failure_at_the_first_token_is_an_internal_one(victim: Victim) -> None:
    heard = victim.hears("fail=rate_limit at=first_token")
    assert (heard.kinds, told(heard)) == (BEFORE, ("internal_error", IN_THE_MIDDLE))


def test_a_failure_after_some_tokens_has_told_them(victim: Victim) -> None:
    heard = victim.hears("fail=overloaded at=2")
    assert (heard.text, told(heard)) == ("one two ", ("internal_error", IN_THE_MIDDLE))


def test_a_connection_lost_between_tokens_stops_twice(victim: Victim) -> None:
    heard = victim.hears("fail=unreachable at=1")
    assert heard.kinds == ["ping", "assistant_message", "stop_reason", "stop_reason"]
    assert told(heard) == ("internal_error", IN_THE_MIDDLE)


@pytest.mark.parametrize("name", [name for name in FAILURES if name != "context_overflow"])
def test_every_kind_fails_a_stream_and_leaves_nothing_behind(quick: Victim, name: str) -> None:
    heard = quick.hears(name)
    failure = model_failed(FailFault(fail=name).failure())  # type: ignore[arg-type]
    assert (heard.kinds, told(heard)) == (BEFORE, (failure.error_type, failure.message))
    with sync_client(quick.mock) as client:
        assert history(client, quick.conversation) == []


@pytest.mark.parametrize("name", [name for name in FAILURES if name != "context_overflow"])
def test_every_kind_fails_an_answer_without_a_stream(quick: Victim, name: str) -> None:
    quick.mock.world.faults.add(CREATE, name)
    failed = model_failed(FailFault(fail=name).failure())  # type: ignore[arg-type]
    expected = as_answered(quick.mock.world, failed.answer)
    assert isinstance(expected, ModelError | OutOfCredits)
    with sync_client(quick.mock) as client, pytest.raises(APIStatusError) as raised:
        reply(client, quick.conversation, input="Count!")
    assert (raised.value.status_code, raised.value.body) == (expected.status, expected.body)


def test_an_overflow_is_compacted_until_that_does_not_help(quick: Victim) -> None:
    quick.listen(quick.mock, quick.conversation)
    heard = quick.hears("context_overflow")
    assert (heard.kinds[0], heard.kinds[-1]) == ("ping", "stop_reason")
    assert told(heard) == ("internal_error", IN_THE_MIDDLE)


@pytest.mark.parametrize("at", ["before", "first_token", 2])
def test_without_tokens_in_the_stream_nothing_is_told_before_it_fails(
    quick: Victim, at: str | int
) -> None:
    quick.mock.world.faults.add(CREATE, fail="rate_limit", at=at, times=2)
    with sync_client(quick.mock) as client:
        with pytest.raises(RateLimitError):
            reply(client, quick.conversation, input="Count!")
        with pytest.raises(APIStatusError, match="llm_rate_limit"):
            list(client.conversations.messages.create(quick.conversation, input="Count!"))


def test_the_next_message_is_answered(quick: Victim) -> None:
    quick.hears("fail=timeout at=1")
    assert quick.listen(quick.mock, quick.conversation).kinds == ALL
    assert quick.has_fired


def test_an_asynchronous_run_fails_in_its_own_time(quick: Victim) -> None:
    quick.mock.world.faults.add("agents.messages.create_async", "server_error")
    with sync_client(quick.mock) as client:
        agent = client.agents.create(model=MODEL)
        run = client.agents.messages.create_async(agent.id, input="Count!")
        assert ended(client, run.id).status == "failed"
    assert quick.has_fired


def test_the_sdk_tries_an_answer_without_a_stream_again(
    quick: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("letta_client._base_client.INITIAL_RETRY_DELAY", 0.0)
    quick.mock.world.faults.add(CREATE, "rate_limit", times=2)
    with trying_again(quick.mock) as client:
        assert reply(client, quick.conversation, input="Count!").usage.step_count == 1
    assert attempts(quick.mock, CREATE) == [429, 429, 200]


def test_the_sdk_never_tries_a_stream_again_that_fails(quick: Victim) -> None:
    quick.mock.world.faults.add(CREATE, "rate_limit", times=3)
    with trying_again(quick.mock) as client, pytest.raises(APIStatusError):
        list(client.conversations.messages.create(quick.conversation, input="Count!"))
    assert attempts(quick.mock, CREATE) == [200]


def test_an_operation_that_asks_no_model_is_answered_likewise(mock: MockLetta) -> None:
    mock.world.faults.add("agents.create", "rate_limit")
    mock.world.faults.add("agents.create", "overloaded")
    with sync_client(mock) as client:
        with pytest.raises(RateLimitError, match=LIMITED):
            client.agents.create(model=MODEL)
        with pytest.raises(InternalServerError, match="llm_error"):
            client.agents.create(model=MODEL)
        assert list(client.agents.list()) == []


def test_a_turn_that_never_begins_leaves_the_fault_in_the_plan(mock: MockLetta) -> None:
    mock.world.faults.add(CREATE, "rate_limit")
    with sync_client(mock) as client, pytest.raises(APIStatusError):
        client.conversations.messages.create(
            "conv-00000000-0000-4000-8000-000000000000", input="Count!"
        )
    assert attempts(mock, CREATE) == [404]
    assert len(mock.world.faults.unfired) == 1
