"""The journal of a world."""

import logging
from threading import Thread

import pytest

from mockletta.http.sse import Chunk, chunk_of
from mockletta.journal.burst_recorder import COUNTED_TOGETHER
from mockletta.journal.entries import Entry, RecordedHeaders
from mockletta.journal.journal import Journal
from mockletta.journal.mismatches import JournalMismatch
from mockletta.state.event_log import Burst, Event
from tests.journal.making import START, an_entry, journal_of

DONE = Event("done", b"[DONE]")


def a_new_entry(body: bytes = b"") -> Entry:
    entry = Entry("GET", "", b"", RecordedHeaders.of([]), None, START)
    entry.raw_request = body
    return entry


def kept(journal: Journal) -> list[int]:
    return [entry.number for entry in journal]


def test_entries_are_numbered_in_order_of_arrival() -> None:
    assert kept(journal_of(an_entry(), an_entry(), an_entry())) == [1, 2, 3]


def test_the_oldest_entries_go_when_there_are_too_many() -> None:
    journal = Journal(most_entries=2)
    for _ in range(3):
        journal.add(an_entry())

    assert (len(journal), kept(journal), journal.dropped, journal.missing) == (2, [2, 3], 1, 1)


def test_the_oldest_entries_go_when_they_are_too_big() -> None:
    journal = Journal(most_bytes=10)
    for body in (b"123", b"12345", b"1234"):
        entry = a_new_entry(body)
        journal.add(entry)
        entry.finish()

    assert (kept(journal), journal.bytes, journal.dropped) == ([2, 3], 9, 1)


def test_long_headers_count_like_bodies() -> None:
    journal = Journal(most_bytes=100)
    for size in (90, 5):
        headers = RecordedHeaders.of([(b"x-a", b"v" * size)])
        entry = Entry("GET", "/v1", b"a=1", headers, None, START)
        journal.add(entry)
        entry.finish()

    assert (kept(journal), journal.bytes) == ([2], 14)


def test_a_lasting_stream_counts_while_it_grows() -> None:
    journal = Journal(most_bytes=10)
    entry = a_new_entry(b"123")
    journal.add(entry)

    entry.sent(Chunk(b"1234", [DONE]))
    assert journal.bytes == 4
    entry.sent(Chunk(b"1234567", [DONE]))

    assert (kept(journal), journal.bytes, journal.dropped) == ([], 0, 1)


def test_a_stream_that_fell_out_grows_no_more() -> None:
    journal = Journal(most_entries=1)
    entry = a_new_entry(b"123")
    journal.add(entry)
    journal.add(a_new_entry())

    entry.sent(Chunk(b"1234", [DONE]))
    entry.finish()

    assert (entry.stream, journal.bytes) == ((), 0)


def test_an_entry_that_no_journal_keeps_notes_its_frames_too() -> None:
    entry = a_new_entry()

    entry.sent(chunk_of(DONE))
    entry.finish()

    assert [part.events for part in entry.stream] == [[DONE]]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_bytes_of_paced_events_are_counted(number: int) -> None:
    journal, entry = Journal(), a_new_entry()
    journal.add(entry)
    recorder = entry.start_burst(Burst("raw", b"<", (b"x",) * 100, b">"), 0)
    for _ in range(number):
        recorder.record(1, COUNTED_TOGETHER // 2)
    assert len(entry.events) == number
    entry.finish()

    assert journal.bytes == number * COUNTED_TOGETHER // 2


def test_clearing_forgets_entries_but_not_their_numbers() -> None:
    journal = Journal(most_entries=1)
    for body in (b"1", b"2"):
        journal.add(a_new_entry(body))

    journal.clear()
    assert (kept(journal), len(journal), journal.dropped) == ([], 0, 0)

    journal.add(an_entry())
    assert (kept(journal), journal.dropped, journal.bytes) == ([3], 0, 0)


def test_a_stream_that_was_cleared_away_grows_no_more() -> None:
    journal, entry = Journal(), a_new_entry()
    journal.add(entry)
    entry.sent(Chunk(b"1234", [DONE]))
    journal.clear()
    journal.add(an_entry())

    entry.sent(Chunk(b"1234", [DONE]))

    assert (len(entry.stream), journal.bytes, journal.dropped) == (1, 0, 0)


def test_what_came_since_takes_the_same_questions() -> None:
    journal = journal_of(an_entry("agents.create"), an_entry("agents.list"))
    since = journal.since(1)

    journal.add(an_entry("agents.list"))

    assert [entry.number for entry in since.expect("agents.list", times=2)] == [2, 3]
    assert (since.count("agents.create"), since.missing) == (0, 0)


@pytest.mark.parametrize(("since", "missing"), [(0, 3), (1, 2), (3, 0), (5, 0)])
def test_what_came_since_misses_only_what_fell_out_since(since: int, missing: int) -> None:
    journal = Journal(most_entries=2)
    for _ in range(5):
        journal.add(an_entry())

    assert journal.since(since).missing == missing


def test_what_came_since_misses_all_when_nothing_is_left() -> None:
    journal = Journal(most_bytes=0)
    entry = a_new_entry(b"1")
    journal.add(entry)
    entry.finish()

    assert journal.since(0).missing == 1


def test_one_can_wait_for_a_request_that_is_over() -> None:
    journal = journal_of(an_entry("agents.list"))
    entry = a_new_entry()
    entry.operation = "agents.create"
    journal.add(entry)

    def end() -> None:
        while not journal._waiting:
            pass
        entry.finish()

    thread = Thread(target=end)
    thread.start()

    assert journal.wait_for("agents.create") is entry
    thread.join()


def test_a_journal_settles_when_all_answers_are_over() -> None:
    journal, entry = Journal(), a_new_entry()
    assert journal.settle()

    journal.add(entry)
    assert not journal.settle(timeout=0)

    entry.finish()
    assert journal.settle()


def test_waiting_in_vain_says_what_came_instead() -> None:
    journal = journal_of(an_entry("agents.list"))

    with pytest.raises(JournalMismatch) as failed:
        journal.wait_for("agents.create", timeout=0)

    assert str(failed.value).splitlines()[0] == (
        "expected a request that is complete within 0 s: agents.create"
    )


def test_a_request_that_is_over_is_told_at_level_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "mockletta.journal")
    journal = journal_of(
        an_entry(path="/a\nb", duration=None), an_entry(status=None, duration=None)
    )
    first, second = journal
    first.fault = "status 429"
    first.add_rule("weather")

    first.finish()
    second.finish()

    told = [record.getMessage().split(" ms") for record in caplog.records]
    assert [line[0].rsplit(" ", 1)[0] for line in told] == [
        "#1 POST /a\\nb 200",
        "#2 POST /v1/agents/ unanswered",
    ]
    assert [line[1] for line in told] == [" rule: weather fault: status 429", ""]
