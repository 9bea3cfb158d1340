"""The journal of a world."""

from datetime import UTC, datetime

from mockletta.journal.entries import Entry
from mockletta.journal.journal import Journal


def an_entry() -> Entry:
    return Entry("GET", "/v1/agents/", b"", [], None, datetime(2026, 1, 1, tzinfo=UTC))


def test_entries_are_numbered_in_order_of_arrival() -> None:
    journal = Journal()
    for _ in range(3):
        journal.add(an_entry())

    assert [entry.number for entry in journal] == [1, 2, 3]


def test_the_oldest_entries_go_when_there_are_too_many() -> None:
    journal = Journal(most_entries=2)
    for _ in range(3):
        journal.add(an_entry())

    assert (len(journal), [entry.number for entry in journal]) == (2, [2, 3])
