"""Connections that are reset: before the headers, after them, between frames and within one."""

import httpx
import pytest
from letta_client import APIConnectionError

from tests.contract.conftest import Serve, sync_client
from tests.contract.faulty_clients import (
    ALL,
    CREATE,
    MANNERS,
    Counter,
    Victim,
    attempts,
    listen,
    trying_again,
)
from tests.contract.talk import MODEL, history


@pytest.fixture(params=MANNERS)
def victim(serve: Serve, request: pytest.FixtureRequest) -> Victim:
    tell, speed = MANNERS[request.param]
    return Victim(serve(brain=Counter(speed)), tell)


@pytest.fixture
def quick(serve: Serve) -> Victim:
    return Victim(serve(brain=Counter()), listen)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK tries again without waiting."""
    monkeypatch.setattr("letta_client._base_client.INITIAL_RETRY_DELAY", 0.0)


def test_a_reset_before_the_headers_is_a_connection_error(victim: Victim) -> None:
    heard = victim.hears("reset=before_headers")
    assert (heard.kinds, type(heard.error)) == ([], APIConnectionError)
    assert attempts(victim.mock, CREATE) == [None]


def test_a_reset_after_the_headers_is_an_error_of_the_http_client(victim: Victim) -> None:
    heard = victim.hears("reset=after_headers")
    assert (heard.kinds, type(heard.error)) == ([], httpx.ReadError)


def test_a_reset_after_some_frames_loses_the_rest(victim: Victim) -> None:
    heard = victim.hears('reset={"after_frames":2}')
    assert (heard.text, type(heard.error)) == ("one ", httpx.ReadError)


def test_a_reset_in_a_frame_loses_that_frame(victim: Victim) -> None:
    heard = victim.hears('reset={"in_frame":2}')
    assert (heard.kinds, type(heard.error)) == (["ping"], httpx.ReadError)


def test_the_client_sees_the_peer_reset_the_connection(quick: Victim) -> None:
    error = quick.hears("reset=after_headers").error
    assert isinstance(error, httpx.ReadError)
    assert "Connection reset by peer" in str(error)


def test_it_is_not_the_client_that_has_left(quick: Victim) -> None:
    quick.hears('reset={"after_frames":2}')
    entry = list(quick.mock.world.journal)[-1]
    assert (entry.status, entry.left_early) == (200, False)


def test_a_reset_before_the_headers_leaves_nothing_behind(quick: Victim) -> None:
    quick.hears("reset=before_headers")
    with sync_client(quick.mock) as client:
        assert history(client, quick.conversation) == []


def test_a_request_can_be_processed_and_only_its_answer_lost(quick: Victim) -> None:
    quick.hears("reset=before_headers processed")
    with sync_client(quick.mock) as client:
        assert len(history(client, quick.conversation)) == 2


@pytest.mark.usefixtures("at_once")
def test_the_sdk_tries_again_and_sends_the_message_twice(quick: Victim) -> None:
    quick.mock.world.faults.add(CREATE, "reset=before_headers processed")
    with trying_again(quick.mock) as client:
        heard = list(client.conversations.messages.create(quick.conversation, input="Count!"))
        assert heard[-1].message_type == "usage_statistics"
        assert attempts(quick.mock, CREATE) == [None, 200]
        assert len(history(client, quick.conversation)) == 4


@pytest.mark.usefixtures("at_once")
def test_a_stream_that_has_begun_is_not_tried_again(quick: Victim) -> None:
    quick.mock.world.faults.add(CREATE, reset={"after_frames": 1})
    with trying_again(quick.mock) as client, pytest.raises(httpx.ReadError):
        list(client.conversations.messages.create(quick.conversation, input="Count!"))
    assert attempts(quick.mock, CREATE) == [200]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("reset", ["before_headers", "after_headers", {"in_frame": 1}])
def test_json_that_is_cut_off_is_asked_for_again(quick: Victim, reset: object) -> None:
    quick.mock.world.faults.add("agents.list", reset=reset)
    with trying_again(quick.mock) as client:
        assert len(client.agents.list().items) == 1
    assert len(attempts(quick.mock, "agents.list")) == 2


def test_a_stream_that_is_too_short_is_not_reset(quick: Victim) -> None:
    heard = quick.hears('reset={"in_frame":99}')
    assert (heard.kinds, quick.has_fired) == (ALL, False)


def test_other_connections_do_not_notice(quick: Victim) -> None:
    quick.mock.world.faults.add("agents.create", "reset=before_headers")
    with sync_client(quick.mock) as client, sync_client(quick.mock) as other:
        assert other.health().status == "ok"
        with pytest.raises(APIConnectionError):
            client.agents.create(model=MODEL)
        assert other.health().status == "ok"
