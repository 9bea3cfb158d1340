"""Requests that were repeated."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from mockletta.journal.entries import Entry
from tests.journal.findings.judging import WHOLE, a_look, a_send, found, retried
from tests.journal.making import START, an_entry

EARLY, REPEAT = "retry-after-ignored", "send-repeated-without-otid"


def refused(asked: str = "2", seconds: float = 0.0, retry: int | None = None) -> Entry:
    """A request that is told to wait."""
    return get(seconds, retry, status=429, answer_headers={"retry-after": asked})


def get(seconds: float, retry: int | None = None, **more: object) -> Entry:
    headers = {} if retry is None else retried(retry)
    parameters: dict[str, object] = {"method": "GET", "headers": headers, **more}
    return an_entry("agents.list", seconds=seconds, **parameters)  # type: ignore[arg-type]


def test_a_retry_that_does_not_wait_is_found() -> None:
    assert found(EARLY, refused(), get(1.0)) == [[1, 2]]


@pytest.mark.parametrize("seconds", [1.96, 2.0, 60.0])
def test_a_retry_that_waits_is_clean(seconds: float) -> None:
    assert found(EARLY, refused(), get(seconds)) == []


@pytest.mark.parametrize("asked", ["", "soon", "-1", "0", "nan", "inf", "Mon, 99 Foo 2026"])
def test_an_answer_that_asks_for_nothing_sensible_may_be_ignored(asked: str) -> None:
    assert found(EARLY, refused(asked), get(0.1)) == []


@pytest.mark.parametrize(("wait", "findings"), [(5, [[1, 2]]), (1, []), (-5, [])])
def test_the_time_to_wait_can_be_a_date(wait: int, findings: list[list[int]]) -> None:
    date = format_datetime(START + timedelta(seconds=wait), usegmt=True)

    assert found(EARLY, refused(date), get(1.0)) == findings


def test_a_date_without_a_time_zone_is_not_waited_for() -> None:
    assert found(EARLY, refused("Mon, 01 Jan 2046 00:00:00 -0000"), get(1.0)) == []


def test_milliseconds_come_before_seconds() -> None:
    headers = {"retry-after": "60", "retry-after-ms": "500"}
    first = get(0, status=503, answer_headers=headers)

    assert found(EARLY, first, get(0.6)) == []
    assert found(EARLY, first, get(0.3)) == [[1, 2]]


def test_time_that_only_passed_in_the_world_counts() -> None:
    again = get(60.0)
    again.started = 1_000.1

    assert found(EARLY, refused(), again) == []


def test_another_request_need_not_wait() -> None:
    others = [
        get(0.1, query="limit=1"),
        get(0.1, key="sk-other-1234"),
        an_entry("agents.create", seconds=0.1),
    ]

    assert found(EARLY, refused(), *others) == []


def test_a_success_asks_for_nothing() -> None:
    assert found(EARLY, get(0, answer_headers={"retry-after": "9"}), get(0.1)) == []


def test_an_answer_that_is_not_over_is_not_judged() -> None:
    first = get(0, status=429, answer_headers={"retry-after": "9"}, duration=None)

    assert found(EARLY, first, get(0.1)) == []


def test_two_workers_that_wait_are_clean() -> None:
    entries = [
        refused("5", 0.0, 0),
        refused("1", 0.5, 0),
        get(1.6, 1),
        get(5.1, 1),
    ]

    assert found(EARLY, *entries) == []


def test_a_worker_that_comes_anew_is_not_taken_for_the_others_retry() -> None:
    assert found(EARLY, refused("2", 0.0, 0), get(0.5, 0), get(2.1, 1)) == []


def test_the_sdks_retries_are_judged_one_by_one() -> None:
    entries = [refused("1", 0.0, 0), refused("1", 1.1, 1), get(1.5, 2)]

    assert found(EARLY, *entries) == [[2, 3]]


LOST = [
    {"status": None},
    {"status": 500},
    {"status": 504},
    {"status": 200, "frames": WHOLE[:2]},
    {"status": 200, "fault": "reset after the headers"},
    {"status": 200, "answer": "{", "fault": "reset"},
]


@pytest.mark.parametrize("lost", LOST)
def test_a_message_repeated_after_its_answer_was_lost_is_found(lost: dict[str, object]) -> None:
    assert found(REPEAT, a_send("Hi", **lost), a_send("Hi")) == [[1, 2]]


@pytest.mark.parametrize("lost", LOST)
def test_a_message_repeated_with_its_otid_is_clean(lost: dict[str, object]) -> None:
    assert found(REPEAT, a_send("Hi", otid="o-1", **lost), a_send("Hi", otid="o-1")) == []


def test_a_message_repeated_with_another_otid_is_found() -> None:
    entries = [a_send("Hi", otid="o-1", status=500), a_send("Hi", otid="o-2")]

    assert found(REPEAT, *entries) == [[1, 2]]


@pytest.mark.parametrize(
    "answered",
    [
        {"status": 200, "answer": {"messages": []}},
        {"status": 200, "frames": WHOLE},
        {"status": 429},
        {"status": 409},
        {"status": 503},
        {"status": 501},
        {"status": 200, "answer": {}, "fault": "slow"},
    ],
)
def test_a_message_may_be_repeated_after_an_answer_or_a_refusal(
    answered: dict[str, object],
) -> None:
    assert found(REPEAT, a_send("Hi", **answered), a_send("Hi")) == []


def test_a_retry_of_a_client_that_waited_no_longer_is_found() -> None:
    slow = a_send("Hi", headers=retried(0), duration=None)

    assert found(REPEAT, slow, a_send("Hi", headers=retried(1))) == [[1, 2]]


def test_a_retry_after_a_refusal_is_clean() -> None:
    busy = a_send("Hi", headers=retried(0), status=409)

    assert found(REPEAT, busy, a_send("Hi", headers=retried(1))) == []


@pytest.mark.parametrize("operation", ["conversations.messages.list", "runs.list"])
def test_a_client_that_looks_before_it_repeats_is_clean(operation: str) -> None:
    assert found(REPEAT, a_send("Hi", status=500), a_look(operation), a_send("Hi")) == []


def test_looking_at_another_conversation_does_not_help() -> None:
    look = a_look("conversations.messages.list", "conv-2")

    assert found(REPEAT, a_send("Hi", status=500), look, a_send("Hi")) == [[1, 3]]


def test_another_message_is_no_repeat() -> None:
    assert found(REPEAT, a_send("Hi", status=500), a_send("Ho"), a_send("Hi")) == []


def test_the_same_message_to_another_conversation_is_no_repeat() -> None:
    other = a_send("Hi", params={"conversation_id": "conv-2"})

    assert found(REPEAT, a_send("Hi", status=500), other) == []


def test_default_conversations_of_two_agents_are_two() -> None:
    def to(agent: str) -> Entry:
        body = {"input": "Hi", "agent_id": agent}
        return a_send("", params={"conversation_id": "default"}, body=body, status=500)

    assert found(REPEAT, to("agent-1"), to("agent-2")) == []
    assert found(REPEAT, to("agent-1"), to("agent-1")) == [[1, 2]]


def test_a_body_that_is_no_object_is_no_message() -> None:
    sends = [a_send("", body=[], status=500), a_send("", body=[], status=500)]

    assert found(REPEAT, *sends) == []


def test_what_an_input_says_is_a_message_without_an_otid() -> None:
    sends = [a_send("", body={"input": "Hi"}, status=500), a_send("", body={"input": "Hi"})]

    assert found(REPEAT, *sends) == [[1, 2]]
