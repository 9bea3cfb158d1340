"""What the bytes of a request and its response mean."""

import pytest

from mockletta.http.sse import Chunk, begin
from mockletta.journal.entries import Entry, RecordedHeaders
from mockletta.journal.stream_frames import SentFrame
from mockletta.state.event_log import Burst, Event
from tests.journal.making import JSON_HEADERS, START, an_entry, frame

DONE = Event("done", b"[DONE]")


def test_the_body_of_a_request_is_its_json() -> None:
    assert an_entry(body={"name": "support"}).body == {"name": "support"}


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (b"", None),
        (b"{", "{"),
        (b"\xff", "\N{REPLACEMENT CHARACTER}"),
        (b"[" * 99_999, "[" * 99_999),
    ],
)
def test_a_body_that_is_no_json_is_its_text(sent: bytes, body: object) -> None:
    entry = an_entry()
    entry.raw_request = sent

    assert entry.body == body


def test_parameters_that_come_several_times_are_a_list() -> None:
    assert an_entry(query="a=1&b=&a=2&a=%203").query == {"a": ["1", "2", " 3"], "b": ""}


def test_the_client_tells_of_itself_in_its_headers() -> None:
    headers = {
        "x-stainless-package-version": "1.12.1",
        "x-stainless-lang": "python",
        "x-stainless-retry-count": "2",
    }
    entry = an_entry(headers=headers, key="sk-1234567890", answer_headers={"retry-after": "1"})

    assert (entry.sdk_version, entry.sdk_language, entry.retry_count) == ("1.12.1", "python", 2)
    assert (entry.api_key, entry.response_header("retry-after")) == ("sk-1…", "1")


@pytest.mark.parametrize("headers", [{}, {"x-stainless-retry-count": "many"}])
def test_a_client_that_counts_no_retries_has_no_count(headers: dict[str, str]) -> None:
    assert an_entry(headers=headers).retry_count is None


def test_the_response_is_its_json() -> None:
    entry = an_entry(answer={"id": "agent-1"})

    assert (entry.response, entry.events) == ({"id": "agent-1"}, [])


def test_the_response_of_a_stream_is_what_its_events_carried() -> None:
    entry = an_entry(frames=[Chunk(b"", [frame(a=1), frame(b=2)]), DONE])

    assert entry.response == [{"a": 1}, {"b": 2}, "[DONE]"]


def test_the_events_of_a_stream_have_the_time_of_their_last_byte() -> None:
    raw, error = Event("raw", b'{"a": 1}'), Event("error_message", b"{}")
    sent = [
        Chunk(b"", begun=begin(raw, 10)),
        Chunk(b"", [raw], begun=begin(error, 20)),
        Chunk(b"", [error], begun=begin(raw, 7)),
    ]
    entry = an_entry(frames=sent)

    assert entry.events == [
        SentFrame(0.002, None, {"a": 1}),
        SentFrame(0.003, "error", {}),
        SentFrame(0.003, None, "{", whole=False),
    ]


def test_a_stream_that_was_known_whole_has_events_too() -> None:
    entry = an_entry(frames=[Chunk(b"", [frame(a=1), Event("raw", b": no comment")])])

    assert entry.events == [
        SentFrame(0.001, None, {"a": 1}),
        SentFrame(0.001, None, ": no comment"),
    ]


def test_only_some_events_end_an_answer() -> None:
    sent: list[Event | Chunk] = [
        frame(message_type="ping"),
        frame(message_type="stop_reason"),
        Event("error_message", b"x"),
        DONE,
        Chunk(b"", begun=begin(DONE, 12)),
    ]

    events = an_entry(frames=sent).events

    assert [event.ends_the_answer for event in events] == [False, True, True, True, False]


def test_the_rules_that_decided_are_one_text() -> None:
    entry = an_entry()
    for rule in ("weather", "memory", "weather"):
        entry.add_rule(rule)

    assert (entry.rules, entry.rule) == (["weather", "memory"], "weather, memory")
    assert an_entry().rule is None


def test_an_entry_names_itself_by_what_it_was_for() -> None:
    assert repr(an_entry()) == "<Entry #0 agents.create 200>"
    assert repr(an_entry(None, status=None)) == "<Entry #0 POST /v1/agents/ unanswered>"


def test_an_entry_is_over_once() -> None:
    entry = Entry("GET", "/", b"", RecordedHeaders.of(JSON_HEADERS), None, START)
    entry.finish()
    first = entry.duration

    entry.finish()

    assert entry.duration == first


def test_an_entry_that_the_journal_dropped_records_nothing_more() -> None:
    entry = an_entry()
    entry.number = 1
    entry.sent(Chunk(b"late"))
    entry.start_burst(Burst("raw", b"<", (b"late",), b">"), 0).record(1, 7)

    assert (entry.raw_response, entry.stream) == (b"", [])
