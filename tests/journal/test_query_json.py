"""Questions to a journal in JSON."""

import pytest

from mockletta.errors import Unprocessable
from mockletta.journal.journal import Journal
from mockletta.journal.query_json import expect, query
from mockletta.search import expressions
from tests.journal.making import an_entry, journal_of


def five() -> Journal:
    return journal_of(*(an_entry(body={"name": f"agent {number}"}) for number in range(1, 6)))


def numbers(journal: Journal, **parameters: object) -> list[object]:
    return [one["number"] for one in query(journal, **parameters)]  # type: ignore[arg-type]


def test_the_newest_entries_are_told_oldest_first() -> None:
    assert numbers(five()) == [1, 2, 3, 4, 5]
    assert numbers(five(), limit=2) == [4, 5]
    assert numbers(five(), limit=0) == []


def test_one_can_go_on_where_one_stopped() -> None:
    assert numbers(five(), since=0, limit=2) == [1, 2]
    assert numbers(five(), since=2, limit=2) == [3, 4]


def test_entries_are_chosen_by_operation_and_conditions() -> None:
    assert numbers(five(), operation="agents.list") == []
    assert numbers(five(), conditions={"name": "agent 3"}) == [3]
    assert numbers(five(), conditions={"name": {"matches": "[24]$"}}) == [2, 4]
    assert numbers(five(), conditions={"name": {"other": "[24]$"}}) == []


def test_a_broken_regular_expression_is_refused() -> None:
    with pytest.raises(Unprocessable, match=r"The regular expression of name is invalid: .*"):
        query(five(), conditions={"name": {"matches": "["}})


def test_a_long_regular_expression_is_refused() -> None:
    with pytest.raises(Unprocessable, match=r"of name is invalid: it is too large: more than"):
        query(five(), conditions={"name": {"matches": "a" * 5_001}})


def test_a_regular_expression_that_takes_for_ever_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expressions, "SECONDS", 0.01)
    journal = journal_of(*(an_entry(body={"name": "a" * 5_000 + "!"}) for _ in range(3)))

    with pytest.raises(Unprocessable, match=r"of name took longer than 0.01 s: make it simpler"):
        expect(journal, conditions={"name": {"matches": "(a|aa)+$"}})


def test_entries_can_be_whole() -> None:
    journal = journal_of(an_entry(body="x" * 5_000))

    assert query(journal, whole=True)[0]["body"] == "x" * 5_000


def test_an_expectation_that_is_met_names_the_entries() -> None:
    assert expect(five(), "agents.create", {"name": {"matches": "[24]"}}, times=2) == {
        "met": True,
        "message": None,
        "entries": [2, 4],
        "missing": 0,
    }


def test_an_expectation_that_is_not_met_says_why() -> None:
    answer = expect(five(), "agents.create", since=4, times=2)

    assert answer == {
        "met": False,
        "message": "expected exactly 2 requests: agents.create\n"
        "1 request met this:\n  #5 agents.create -> 200",
        "entries": [],
        "missing": 0,
    }
