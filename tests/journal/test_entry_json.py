"""Entries as JSON values."""

import json

import pytest

from mockletta.http.sse import Chunk
from mockletta.journal.entries import Dependence
from mockletta.state.event_log import Event
from tests.journal.making import an_entry, frame


def test_an_entry_is_shown_with_all_that_is_known_of_it() -> None:
    entry = an_entry(
        "agents.retrieve",
        method="GET",
        path="/v1/agents/agent-1",
        query="include=a",
        params={"agent_id": "agent-1"},
        key="sk-1234567890",
        headers={"x-stainless-package-version": "1.12.1", "x-stainless-retry-count": "1"},
        answer={"id": "agent-1"},
        answer_headers={"retry-after": "1"},
        fault="status 429",
    )
    entry.add_rule("weather")
    entry.unscripted = "none matched"
    entry.quirks = (Dependence("some-quirk", "how", in_passing=False),)

    shown = entry.to_dict()

    assert shown == {
        "number": 0,
        "at": "2026-01-01T12:00:00.000+00:00",
        "operation": "agents.retrieve",
        "method": "GET",
        "path": "/v1/agents/agent-1",
        "params": {"agent_id": "agent-1"},
        "query": {"include": "a"},
        "key": "sk-1…",
        "sdk_version": "1.12.1",
        "retry_count": 1,
        "headers": {"x-stainless-package-version": "1.12.1", "x-stainless-retry-count": "1"},
        "body": None,
        "rules": ["weather"],
        "unscripted": "none matched",
        "fault": "status 429",
        "quirks": ["some-quirk"],
        "status": 200,
        "response_headers": {"content-type": "application/json", "retry-after": "1"},
        "response": {"id": "agent-1"},
        "events": [],
        "left_early": False,
        "duration": 0.01,
        "cut": [],
    }
    assert json.loads(json.dumps(shown)) == shown


def test_a_stream_is_shown_event_by_event() -> None:
    shown = an_entry(frames=[frame(a=1), Chunk(b"", begun=Event("error_message", b"{"))]).to_dict()

    assert (shown["response"], shown["events"]) == (
        None,
        [
            {"at": 0.001, "event": None, "data": {"a": 1}, "whole": True},
            {"at": 0.002, "event": "error", "data": "{", "whole": False},
        ],
    )


def test_long_bodies_are_cut_unless_asked_for_whole() -> None:
    entry = an_entry(body="x" * 5_000, answer=["y" * 5_000])

    cut, whole = entry.to_dict(), entry.to_dict(whole=True)

    assert cut["cut"] == ["body", "response"]
    assert cut["body"] == f'"{"x" * 3_999}… (5002 bytes)'
    assert (whole["cut"], whole["body"], whole["response"]) == ([], "x" * 5_000, ["y" * 5_000])


def test_long_streams_are_cut_in_their_middle() -> None:
    entry = an_entry(frames=[frame(n=number) for number in range(60)])

    cut, whole = entry.to_dict(), entry.to_dict(whole=True)

    numbers = [event["data"]["n"] for event in cut["events"]]
    assert (cut["cut"], numbers) == (["events"], [*range(25), *range(35, 60)])
    assert len(whole["events"]) == 60


def test_long_events_are_cut() -> None:
    entry = an_entry(frames=[frame(a="x" * 5_000), frame(a="y" * 5_000)])

    cut = entry.to_dict()

    assert cut["cut"] == ["events"]
    assert cut["events"][0]["data"] == f'{{"a": "{"x" * 3_993}… (5009 characters)'


@pytest.mark.parametrize("sent", [b'"\\ud800"', b"NaN", b'{"a": [Infinity]}'])
def test_what_is_json_only_to_python_is_shown_as_text(sent: bytes) -> None:
    entry = an_entry(frames=[Event("raw", sent)])
    entry.raw_request = sent

    shown = entry.to_dict()

    assert shown["body"] == sent.decode()
    assert json.dumps(shown, ensure_ascii=False, allow_nan=False).encode()
