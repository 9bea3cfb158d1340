"""Errors instead of answers: which the SDK raises, and which it tries again."""

import email.utils
import logging
import time

import pytest
from letta_client import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    UnprocessableEntityError,
)

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, async_client_of, sync_client
from tests.contract.faulty_clients import (
    CREATE,
    Counter,
    Victim,
    attempts,
    listen,
    pauses,
    trying_again,
)
from tests.contract.talk import MODEL, history

LIMITED = "Rate limit exceeded for LLM model provider. Please wait before making another request."
RAISED: list[tuple[int, type[APIStatusError], str]] = [
    (400, BadRequestError, "INVALID_ARGUMENT: Bad Request"),
    (401, AuthenticationError, "llm_authentication"),
    (402, APIStatusError, "not-enough-credits"),
    (403, PermissionDeniedError, "Forbidden"),
    (404, NotFoundError, "Not Found"),
    (408, APIStatusError, "Request Timeout"),
    (409, ConflictError, "is currently being processed for this conversation"),
    (410, APIStatusError, "EXPIRED: Run was created more than 3 hours ago"),
    (422, UnprocessableEntityError, "Field required"),
    (429, RateLimitError, LIMITED),
    (499, APIStatusError, "Error"),
    (500, InternalServerError, "An unknown error occurred"),
    (503, InternalServerError, "Service Unavailable"),
]


@pytest.mark.parametrize(("status", "error", "text"), RAISED)
def test_a_status_raises_its_error_with_the_usual_words(
    mock: MockLetta, status: int, error: type[APIStatusError], text: str
) -> None:
    mock.world.faults.add("agents.list", status=status)
    with sync_client(mock) as client, pytest.raises(error, match=text) as raised:
        client.agents.list()
    assert raised.value.status_code == status


def test_a_rate_limit_speaks_as_the_recorded_one(mock: MockLetta) -> None:
    mock.world.faults.add("agents.list", "status=429")
    with sync_client(mock) as client, pytest.raises(RateLimitError) as raised:
        client.agents.list()
    body = raised.value.body
    assert isinstance(body, dict)
    assert body["error"].keys() == {"type", "message", "detail"}
    assert body["error"]["type"] == "llm_rate_limit"


def test_detail_body_and_headers_can_be_ones_own(mock: MockLetta) -> None:
    mock.world.faults.add("agents.list", status=418, detail="Short and stout")
    mock.world.faults.add("agents.list", status=418, body=["tea"], headers={"X-Pot": "1"})
    mock.world.faults.add("agents.list", status=502, body="<p>", headers={"Content-Type": "x/y"})
    heard = []
    with sync_client(mock) as client:
        for _ in range(3):
            with pytest.raises(APIStatusError) as raised:
                client.agents.list()
            heard.append((raised.value.response.headers, raised.value.body))
    assert [body for _, body in heard] == [{"detail": "Short and stout"}, ["tea"], "<p>"]
    assert (heard[1][0]["x-pot"], heard[2][0]["content-type"]) == ("1", "x/y")


def test_nothing_has_been_done(mock: MockLetta) -> None:
    mock.world.faults.add("agents.create", status=500)
    with sync_client(mock) as client:
        with pytest.raises(InternalServerError):
            client.agents.create(model=MODEL)
        assert list(client.agents.list()) == []


def test_a_request_can_be_processed_and_its_answer_lost(mock: MockLetta) -> None:
    mock.world.faults.add("agents.create", status=500, processed=True)
    mock.world.faults.add("agents.retrieve", status=500, processed=True)
    with sync_client(mock) as client:
        with pytest.raises(InternalServerError):
            client.agents.create(model=MODEL)
        assert len(list(client.agents.list())) == 1
        with pytest.raises(InternalServerError):
            client.agents.retrieve("agent-00000000-0000-4000-8000-000000000000")


def test_a_lost_stream_still_makes_its_turn(serve: Serve) -> None:
    victim = Victim(serve(brain=Counter()), listen)
    victim.hears("status=503 processed")
    with sync_client(victim.mock) as client:
        assert len(history(client, victim.conversation)) == 2


def test_the_sdk_waits_as_long_as_retry_after_says(
    mock: MockLetta, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "letta_client")
    mock.world.faults.add("agents.list", status=429, retry_after=0.01, times=2)
    with trying_again(mock) as client:
        assert list(client.agents.list()) == []
    assert attempts(mock, "agents.list") == [429, 429, 200]
    assert pauses(caplog) == [0.01, 0.01]
    assert mock.world.faults.unfired == []


def test_retry_after_can_be_a_date(mock: MockLetta) -> None:
    date = email.utils.formatdate(time.time() + 10, usegmt=True)
    mock.world.faults.add("agents.list", status=503, retry_after=date)
    with sync_client(mock) as client, pytest.raises(InternalServerError) as raised:
        client.agents.list()
    assert raised.value.response.headers["retry-after"] == date


def test_the_sdk_gives_up_after_its_retries(mock: MockLetta) -> None:
    mock.world.faults.add("agents.list", status=503, retry_after=0.01, times="always")
    with trying_again(mock) as client, pytest.raises(InternalServerError):
        client.agents.list()
    assert attempts(mock, "agents.list") == [503, 503, 503]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_the_sdk_does_not_try_again_what_will_not_help(mock: MockLetta, status: int) -> None:
    mock.world.faults.add("agents.list", status=status, retry_after=0.01)
    with trying_again(mock) as client, pytest.raises(APIStatusError):
        client.agents.list()
    assert attempts(mock, "agents.list") == [status]


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 504])
def test_the_sdk_tries_again_what_may(mock: MockLetta, status: int) -> None:
    mock.world.faults.add("agents.list", status=status, retry_after=0.01)
    with trying_again(mock) as client:
        client.agents.list()
    assert attempts(mock, "agents.list") == [status, 200]


@pytest.mark.anyio
async def test_the_asynchronous_client_tries_a_stream_again(serve: Serve) -> None:
    victim = Victim(serve(brain=Counter()), listen)
    victim.mock.world.faults.add(CREATE, status=429, retry_after=0.01)
    async with async_client_of(victim.mock).with_options(max_retries=1) as client:
        stream = await client.conversations.messages.create(victim.conversation, input="Count!")
        assert [frame.message_type async for frame in stream][-1] == "usage_statistics"
    assert attempts(victim.mock, CREATE) == [429, 200]
