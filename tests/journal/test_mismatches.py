"""What a failed expectation says."""

import re
from collections.abc import Callable

import pytest

from mockletta.journal.journal import Journal
from mockletta.journal.mismatches import JournalMismatch
from tests.journal.making import an_entry, journal_of


def message(ask: Callable[[], object]) -> list[str]:
    with pytest.raises(JournalMismatch) as failed:
        ask()
    return str(failed.value).splitlines()


def two_agents() -> Journal:
    return journal_of(
        an_entry(body={"name": "kitchen", "model": "m"}),
        an_entry("agents.list", method="GET"),
        an_entry(body={"name": "suport", "model": "m"}, status=429, fault="rate limit"),
    )


def test_requests_that_differ_are_told_field_by_field_the_nearest_first() -> None:
    journal = two_agents()

    told = message(lambda: journal.expect("agents.create", times=1, name="kitchen", status=429))

    assert told == [
        "expected exactly 1 request: agents.create with name='kitchen', status=429",
        "no request met this",
        "2 requests of agents.create differed, the nearest first:",
        "  #3 agents.create -> 429, fault: rate limit",
        "    name: expected 'kitchen', was 'suport'",
        "  #1 agents.create -> 200",
        "    status: expected 429, was 200",
    ]


def test_an_operation_that_never_came_is_told_with_those_that_did() -> None:
    assert message(lambda: two_agents().expect("agents.craete")) == [
        "expected at least 1 request: agents.craete",
        "no request met this",
        "no request was agents.craete; did you mean `agents.create`?",
        "3 requests received: agents.create (2), agents.list (1)",
    ]


def test_an_empty_journal_says_so() -> None:
    assert message(lambda: Journal().expect("agents.create"))[-1] == (
        "the journal is empty: there were no requests"
    )


def test_requests_that_are_too_many_are_listed() -> None:
    journal = journal_of(*(an_entry() for _ in range(7)))

    assert message(lambda: journal.expect_none("agents.create")) == [
        "expected no request: agents.create",
        "7 requests met this:",
        *(f"  #{number} agents.create -> 200" for number in range(1, 6)),
        "  and 2 more",
    ]


def test_those_that_met_it_and_those_that_did_not_are_both_told() -> None:
    told = message(lambda: two_agents().expect("agents.create", times=2, name=re.compile("^k")))

    assert told == [
        "expected exactly 2 requests: agents.create with name=/^k/",
        "1 request met this:",
        "  #1 agents.create -> 200",
        "1 request of agents.create differed, the nearest first:",
        "  #3 agents.create -> 429, fault: rate limit",
        "    name: expected /^k/, was 'suport'",
    ]


def test_a_key_is_never_shown_in_full() -> None:
    told = message(lambda: journal_of(an_entry(key="sk-1234")).one(key="sk-5678"))

    assert told[0] == "expected exactly 1 request: any operation with key=<the key given>"
    assert told[-1] == "    key: expected another key, was 'sk-1…'"


def test_many_operations_are_cut() -> None:
    journal = journal_of(*(an_entry(f"operation.{number}") for number in range(15)))

    told = message(lambda: journal.expect("other"))

    assert told[-1].startswith("15 requests received: operation.0 (1), ")
    assert told[-1].endswith("operation.11 (1), …")


def test_a_request_without_an_operation_is_told_by_its_path() -> None:
    journal = journal_of(an_entry(None, path="/no\x1bwhere", status=None))

    assert message(journal.expect_none)[-1] == "  #1 POST /no\\x1bwhere -> no answer"


def test_a_broken_sequence_says_how_far_it_went_and_what_came_then() -> None:
    told = message(
        lambda: two_agents().expect_sequence("agents.create", "agents.craete", "agents.list")
    )

    assert told == [
        "expected the sequence of 3 operations, others may be in between",
        "  agents.create: came",
        "  agents.craete: missing here",
        "  agents.list: not searched for",
        "after #1: 2 requests",
        "  #2 agents.list -> 200",
        "  #3 agents.create -> 429, fault: rate limit",
        "no request was agents.craete; did you mean `agents.create`?",
        "3 requests received: agents.create (2), agents.list (1)",
    ]


def test_a_strict_sequence_says_so() -> None:
    told = message(lambda: two_agents().expect_sequence("agents.list", "agents.list", strict=True))

    assert (told[0], told[3:]) == (
        "expected the sequence of 2 operations, with no others in between",
        ["after #2: 1 request", "  #3 agents.create -> 429, fault: rate limit"],
    )


def test_a_sequence_whose_beginning_is_missing_says_so() -> None:
    assert message(lambda: Journal().expect_sequence("a")) == [
        "expected the sequence of 1 operation, others may be in between",
        "  a: missing here",
        "in the journal: 0 requests",
        "the journal is empty: there were no requests",
    ]


def test_a_journal_that_lost_entries_says_so() -> None:
    journal = Journal(most_entries=1)
    for _ in range(3):
        journal.add(an_entry())

    assert message(lambda: journal.expect("agents.list"))[-1] == (
        "2 older entries were dropped from the journal, which is limited (most_entries, most_bytes)"
    )
