"""The verdict as a whole."""

import json

import pytest

from mockletta.journal.entries import Dependence
from mockletta.journal.journal import Journal
from mockletta.journal.verdict import NAMES, BadClient, judge
from tests.journal.making import an_entry, journal_of


def one_thing_wrong() -> Journal:
    journal = journal_of(an_entry("agents.list", method="GET"), an_entry("agents.messages.stream"))
    journal.one("agents.list").quirks = (Dependence("some-quirk", "It differs.", in_passing=True),)
    return journal


REPORT = """\
the client did 1 thing wrong
deprecated-operation: agents.messages.stream is deprecated: use agents.messages.create with \
streaming=True
  #2 agents.messages.stream -> 200
note: depends-on-quirk: It differs.
  #1 agents.list -> 200"""


def test_an_empty_journal_is_clean() -> None:
    verdict = judge(Journal())

    verdict.assert_clean()
    assert (bool(verdict), len(verdict), list(verdict), verdict.names) == (True, 0, [], [])
    assert (str(verdict), repr(verdict)) == ("clean", "<Verdict: clean>")


def test_a_verdict_is_an_assertion_with_a_report() -> None:
    verdict = judge(one_thing_wrong())

    with pytest.raises(BadClient) as failed:
        verdict.assert_clean()
    assert not verdict
    assert str(failed.value) == REPORT
    assert repr(verdict) == "<Verdict: deprecated-operation (#2)>"
    assert isinstance(failed.value, AssertionError)


def test_what_is_allowed_is_left_out() -> None:
    journal = one_thing_wrong()
    both = ("deprecated-operation", "depends-on-quirk")

    judge(journal).assert_clean(allow=both)
    assert (judge(journal, allow=both).names, judge(journal, allow=both).notes) == ([], ())
    assert judge(journal).allowing(both) == judge(journal, allow=both)


def test_an_unknown_name_cannot_be_allowed() -> None:
    with pytest.raises(ValueError, match="unknown finding 'retry': the findings are retry-af"):
        judge(Journal(), allow=["retry"])


def test_a_verdict_is_json_too() -> None:
    verdict = judge(one_thing_wrong())
    shown = verdict.to_dict()

    assert shown == {
        "clean": False,
        "findings": [
            {
                "name": "deprecated-operation",
                "sentence": "agents.messages.stream is deprecated: "
                "use agents.messages.create with streaming=True",
                "entries": [2],
                "lines": ["#2 agents.messages.stream -> 200"],
            }
        ],
        "notes": [
            {
                "name": "depends-on-quirk",
                "sentence": "It differs.",
                "entries": [1],
                "lines": ["#1 agents.list -> 200"],
            }
        ],
        "missing": 0,
        "omitted": 0,
        "text": str(verdict),
    }
    assert json.loads(json.dumps(shown)) == shown


def test_a_verdict_on_a_part_of_the_journal_says_so() -> None:
    journal = Journal(most_entries=1)
    for _ in range(3):
        journal.add(an_entry())

    verdict = judge(journal)

    assert (verdict.missing, judge(journal.since(2)).missing) == (2, 0)
    assert str(verdict).startswith("clean\n2 older entries were dropped from the journal")


def test_very_many_findings_of_a_kind_are_counted_only() -> None:
    entries = [an_entry("agents.list", headers=sdk(f"2.{minor}.0")) for minor in range(23)]

    verdict = judge(journal_of(*entries))

    assert (len(verdict), verdict.omitted) == (20, 3)
    assert str(verdict).startswith("the client did 23 things wrong\n")
    assert str(verdict).endswith("\nand 3 more")


def test_very_many_entries_of_a_finding_are_cut() -> None:
    verdict = judge(journal_of(*(an_entry("agents.messages.stream") for _ in range(30))))

    (finding,) = verdict
    assert finding.numbers == list(range(1, 21))
    assert str(finding).endswith("  #5 agents.messages.stream -> 200\n  and 15 more")


def test_every_kind_of_finding_has_its_name() -> None:
    assert NAMES == (
        "retry-after-ignored",
        "send-repeated-without-otid",
        "truncated-stream-taken-for-whole",
        "stream-not-read-to-end",
        "same-page-twice",
        "list-call-per-item",
        "deprecated-operation",
        "untested-sdk-version",
        "depends-on-quirk",
        "unlisted-model",
    )


def sdk(version: str) -> dict[str, str]:
    return {"x-stainless-package-version": version, "x-stainless-lang": "python"}
