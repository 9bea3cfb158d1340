"""Queries of a journal as JSON, for the control API.

Conditions are those of `request_matching` as JSON: a value to equal, or `{"matches": "<regular
expression>"}`.
"""

from collections.abc import Mapping
from typing import TypedDict

from mockletta.journal.entries import HEALTH_CHECKS
from mockletta.journal.entry_json import EntryDocument, document
from mockletta.journal.journal import Journal
from mockletta.journal.mismatches import JournalMismatch
from mockletta.journal.request_matching import BoundedPattern
from mockletta.search.expressions import Budget

MATCHES = "matches"


class ExpectationAnswer(TypedDict):
    """Whether an expectation is met, and by which entries, or why it is not. `missing` is the
    number of dropped entries that could have changed this.
    """

    met: bool
    message: str | None
    entries: list[int]
    missing: int


def query(
    journal: Journal,
    operation: str | None = None,
    conditions: Mapping[str, object] | None = None,
    *,
    since: int | None = None,
    limit: int = 100,
    whole: bool = False,
    health: bool = True,
) -> list[EntryDocument]:
    """Return entries as JSON values, oldest first: the first `limit` after the entry numbered
    `since`, or the newest. Health checks are left out if `health` is false and no operation is
    named. Raises Unprocessable for an invalid condition.
    """
    source = journal if since is None else journal.since(since)
    found = source.matching(operation, conditions_of(conditions or {}))
    if not health and operation is None:
        found = [entry for entry in found if entry.operation not in HEALTH_CHECKS]
    kept = found[:limit] if since is not None else found[max(len(found) - limit, 0) :]
    return [document(entry, whole=whole) for entry in kept]


def expect(
    journal: Journal,
    operation: str | None = None,
    conditions: Mapping[str, object] | None = None,
    *,
    times: int | None = None,
    since: int = 0,
) -> ExpectationAnswer:
    """Return whether an expectation is met, with the numbers of its entries or the reason."""
    source = journal.since(since)
    answer: ExpectationAnswer = {
        "met": True,
        "message": None,
        "entries": [],
        "missing": source.missing,
    }
    try:
        met = source.expected(operation, conditions_of(conditions or {}), times)
    except JournalMismatch as mismatch:
        return {**answer, "met": False, "message": str(mismatch)}
    return {**answer, "entries": [entry.number for entry in met]}


def conditions_of(given: Mapping[str, object]) -> dict[str, object]:
    """Return conditions as in Python. Raises Unprocessable for an invalid regular expression, and
    later for one that takes too long.
    """
    budget = Budget()
    return {name: _condition(name, value, budget) for name, value in given.items()}


def _condition(name: str, value: object, budget: Budget) -> object:
    if not isinstance(value, dict) or set(value) != {MATCHES}:
        return value
    return BoundedPattern(name, str(value[MATCHES]), budget)
