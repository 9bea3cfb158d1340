"""Questions to a journal."""

import warnings

import pytest

from mockletta.journal.journal import Journal
from mockletta.journal.mismatches import JournalIncomplete, JournalMismatch
from tests.journal.making import an_entry, journal_of


def a_journal() -> Journal:
    return journal_of(
        an_entry("agents.create", body={"name": "support"}),
        an_entry("conversations.create"),
        an_entry("agents.create", body={"name": "kitchen"}, status=409),
        an_entry("conversations.messages.create", body={"input": "Hi"}),
        an_entry(None, path="/nowhere", status=404),
    )


def test_requests_are_found_by_operation_and_conditions() -> None:
    journal = a_journal()

    assert [entry.number for entry in journal.all("agents.create")] == [1, 3]
    assert journal.one("agents.create", name="support").number == 1
    assert journal.one(status=404).path == "/nowhere"
    assert journal.last("agents.create").body == {"name": "kitchen"}
    assert (journal.count(), journal.count("agents.create", status=409)) == (5, 1)


def test_operations_can_be_patterns() -> None:
    assert [entry.number for entry in a_journal().all("conversations.*")] == [2, 4]


def test_what_is_expected_and_came_is_returned() -> None:
    journal = a_journal()

    assert [entry.number for entry in journal.expect("agents.create")] == [1, 3]
    assert [entry.number for entry in journal.expect("agents.create", times=2)] == [1, 3]
    journal.expect_none("agents.delete")


@pytest.mark.parametrize("times", [0, 1, 3])
def test_another_number_than_expected_is_a_mismatch(times: int) -> None:
    with pytest.raises(JournalMismatch):
        a_journal().expect("agents.create", times=times)


def test_a_sequence_may_have_others_between() -> None:
    found = a_journal().expect_sequence(
        "agents.create", "agents.*", "conversations.messages.create"
    )

    assert [entry.number for entry in found] == [1, 3, 4]


def test_a_strict_sequence_has_nothing_between() -> None:
    journal = a_journal()

    found = journal.expect_sequence("agents.create", "conversations.messages.create", strict=True)

    assert [entry.number for entry in found] == [3, 4]
    with pytest.raises(JournalMismatch):
        journal.expect_sequence("agents.create", "agents.create", strict=True)


def test_messages_that_no_rule_matched_are_found() -> None:
    journal = a_journal()
    journal.last("conversations.messages.create").unscripted = "no rule is for 'Hi'"

    assert [entry.unscripted for entry in journal.unscripted] == ["no rule is for 'Hi'"]


def overflown() -> Journal:
    journal = Journal(most_entries=2)
    for _ in range(3):
        journal.add(an_entry())
    return journal


def test_answers_that_lost_entries_might_have_changed_say_so() -> None:
    journal = overflown()

    with pytest.warns(JournalIncomplete, match="^1 older entry was dropped from the journal"):
        assert journal.count("agents.create") == 2
    with pytest.warns(JournalIncomplete):
        journal.all()
    with pytest.warns(JournalIncomplete):
        journal.expect_none("agents.list")


def test_answers_that_lost_entries_cannot_change_do_not() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        overflown().expect("agents.create")
        overflown().last()
        overflown().since(1).all()
