"""Streams that broke off, and streams that were left."""

import pytest

from mockletta.http.sse import Chunk
from mockletta.journal.entries import Entry
from mockletta.state.event_log import Event
from tests.journal.findings.judging import ANSWER, PING, STOP, WHOLE, a_look, a_send, found

TAKEN, LEFT = "truncated-stream-taken-for-whole", "stream-not-read-to-end"


def broken(text: str = "One", **more: object) -> Entry:
    return a_send(text, PING, ANSWER, fault="truncated", **more)


def left(*frames: Event, **more: object) -> Entry:
    return a_send("One", *(frames or (PING, ANSWER)), left_early=True, **more)


def test_going_on_after_a_broken_stream_is_found() -> None:
    assert found(TAKEN, broken(), a_send("Two", *WHOLE)) == [[1, 2]]


def test_a_stream_that_broke_in_its_last_frame_is_broken() -> None:
    first = a_send("One", PING, Chunk(b"", begun=STOP), fault="truncated")

    assert found(TAKEN, first, a_send("Two", *WHOLE)) == [[1, 2]]


@pytest.mark.parametrize(
    "look",
    [
        a_look("conversations.messages.stream", method="POST"),
        a_look("runs.messages.stream", method="POST"),
        a_look("runs.retrieve"),
        a_look("conversations.messages.list"),
        a_look("conversations.cancel", method="POST"),
    ],
)
def test_a_client_that_comes_back_to_a_broken_stream_is_clean(look: Entry) -> None:
    assert found(TAKEN, broken(), look, a_send("Two", *WHOLE)) == []


def test_a_client_that_asks_again_is_clean() -> None:
    again = a_send("One", *WHOLE, otid="o-1")

    assert found(TAKEN, broken(otid="o-1"), again, a_send("Two", *WHOLE)) == []


def test_a_client_that_ends_with_a_broken_stream_is_clean() -> None:
    assert found(TAKEN, broken()) == []


def test_a_client_that_goes_on_elsewhere_is_clean() -> None:
    assert found(TAKEN, broken(), a_send("Two", params={"conversation_id": "conv-2"})) == []


@pytest.mark.parametrize(
    "first",
    [
        a_send("One", *WHOLE, fault="duplicated"),
        a_send("One", PING, ANSWER, STOP, fault="no [DONE]"),
        a_send("One", PING, Event("error_message", b"{}"), fault="llm error"),
        a_send("One", fault="status 429", status=429),
        a_send("One", PING, fault="slow", duration=None),
    ],
)
def test_going_on_after_a_fault_that_left_the_stream_whole_is_clean(first: Entry) -> None:
    assert found(TAKEN, first, a_send("Two", *WHOLE)) == []


def test_a_stream_that_the_client_left_is_found() -> None:
    assert found(LEFT, left()) == [[1]]
    assert found(LEFT, left(), a_look("conversations.messages.list")) == [[1]]


@pytest.mark.parametrize(
    "entry",
    [
        left(*WHOLE),
        left(PING, ANSWER, STOP),
        left(fault="stall"),
        left(duration=None),
        a_send("One", status=None, left_early=True),
    ],
)
def test_a_stream_that_ended_or_could_not_is_clean(entry: Entry) -> None:
    assert found(LEFT, entry) == []


def test_a_stream_that_is_resumed_or_cancelled_may_be_left() -> None:
    assert found(LEFT, left(), a_look("runs.messages.stream", method="POST")) == []
    assert found(LEFT, left(), a_look("agents.messages.cancel", method="POST")) == []


def test_a_stream_that_is_asked_for_again_may_be_left() -> None:
    assert found(LEFT, left(otid="o-1"), a_send("One", *WHOLE, otid="o-1")) == []


def test_a_background_stream_may_be_left_by_who_comes_back() -> None:
    entry = left(body={"input": "One", "background": True})

    assert found(LEFT, entry, a_look("runs.retrieve")) == []
    assert found(LEFT, entry) == [[1]]


def test_a_resumed_stream_is_one_in_the_background() -> None:
    entry = left()
    entry.operation = "runs.messages.stream"

    assert found(LEFT, entry) == [[1]]
    assert found(LEFT, entry, a_look("runs.retrieve")) == []
