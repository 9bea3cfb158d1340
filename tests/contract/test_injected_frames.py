"""Streams whose frames are wrong: what the SDK's clients make of each."""

import json

import pytest
from letta_client import APIStatusError

from mockletta.world.pace import Pace
from tests.contract.conftest import MODEL, Serve, sync_client
from tests.contract.faulty_clients import ALL, END, MANNERS, START, TOLD, Counter, Victim
from tests.contract.talk import conversation_of


@pytest.fixture(params=MANNERS)
def victim(serve: Serve, request: pytest.FixtureRequest) -> Victim:
    listen, speed = MANNERS[request.param]
    return Victim(serve(brain=Counter(speed)), listen)


def test_a_truncated_stream_looks_like_a_whole_one(victim: Victim) -> None:
    heard = victim.hears("truncate=2")
    assert (heard.kinds, heard.text, heard.error) == (["ping", "assistant_message"], "one ", None)


def test_a_stream_without_any_frame_is_empty(victim: Victim) -> None:
    heard = victim.hears("truncate=0")
    assert (heard.kinds, heard.error) == ([], None)


def test_a_frame_that_comes_twice_is_told_twice(victim: Victim) -> None:
    heard = victim.hears("duplicate=2")
    assert (heard.text, heard.error) == ("one one two three", None)


def test_frames_that_change_places_are_told_in_the_wrong_order(victim: Victim) -> None:
    heard = victim.hears("reorder=2")
    assert (heard.kinds, heard.text) == (ALL, "two one three")


def test_a_malformed_frame_is_an_error_of_json(victim: Victim) -> None:
    heard = victim.hears("malformed=3")
    assert (heard.kinds, heard.text) == (["ping", "assistant_message"], "one ")
    assert isinstance(heard.error, json.JSONDecodeError)


def test_a_stream_without_done_ends_like_any_other(victim: Victim) -> None:
    heard = victim.hears("no_done")
    assert (heard.kinds, heard.error) == (ALL, None)
    assert victim.has_fired


def test_an_error_event_raises_in_the_middle_of_the_stream(victim: Victim) -> None:
    heard = victim.hears('error_event=2 error_type=llm_error message="Out of luck." detail=why')
    assert (heard.kinds, heard.text) == (["ping", "assistant_message"], "one ")
    assert isinstance(heard.error, APIStatusError)
    assert heard.error.status_code == 200
    body = heard.error.body
    assert isinstance(body, dict)
    assert body.pop("run_id").startswith("run-")
    assert body == {
        "message_type": "error_message",
        "error_type": "llm_error",
        "message": "Out of luck.",
        "detail": "why",
        "seq_id": None,
    }


def test_an_error_event_speaks_as_the_server_does(victim: Victim) -> None:
    error = victim.hears("error_event=0").error
    assert isinstance(error, APIStatusError)
    assert error.body == {
        "message_type": "error_message",
        "run_id": "",
        "error_type": "internal_error",
        "message": "An error occurred during agent execution.",
        "detail": None,
        "seq_id": None,
    }


@pytest.mark.parametrize("fault", ["truncate=7", "duplicate=8", "reorder=7", "malformed=8"])
def test_a_frame_there_is_not_leaves_the_fault_in_the_plan(victim: Victim, fault: str) -> None:
    heard = victim.hears(fault)
    assert (heard.kinds, heard.text) == ([*START, *TOLD, *END], "one two three")
    assert [str(planned.fault) for planned in victim.mock.world.faults.unfired] == [fault]
    assert victim.entry_fault() is None


def test_the_conversation_goes_on_after_a_broken_stream(victim: Victim) -> None:
    victim.hears("truncate=2")
    assert victim.listen(victim.mock, victim.conversation).kinds == ALL


def test_a_stream_can_end_twice(victim: Victim) -> None:
    heard = victim.hears("duplicate=7")
    assert (heard.kinds, heard.error) == (ALL, None)
    assert victim.has_fired


def test_a_slow_stream_with_a_fault_has_pings(serve: Serve) -> None:
    mock = serve(keepalive=0.01, pace=Pace(ttft=0.1))
    with sync_client(mock) as client:
        conversation = conversation_of(client, client.agents.create(model=MODEL).id)
        for _ in range(2):  # the first stream may load modules while its pause passes
            mock.faults.add("conversations.messages.create", no_done=True)
            events = list(client.conversations.messages.create(conversation, input="Hello!"))
    assert [event.message_type for event in events].count("ping") > 1
