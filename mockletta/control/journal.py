"""The journal of a world: entries, expectations, and the verdict."""

from typing import Annotated, TypedDict

from pydantic import Field, JsonValue

from mockletta.control.control_dispatch import PREFIX
from mockletta.errors import NotFound, Unprocessable
from mockletta.http.routing import Routes
from mockletta.journal.entry_json import EntryDocument
from mockletta.journal.mismatches import JournalMismatch
from mockletta.journal.query_json import ExpectationAnswer, expect
from mockletta.journal.query_json import query as find
from mockletta.journal.verdict import NAMES, VerdictDocument, judge
from mockletta.wire.base import Wire
from mockletta.world.failure_report import sections
from mockletta.world.unmet_expectations import unmet_expectations
from mockletta.world.world import World

MOST_ENTRIES = 1_000
LARGEST = 2**53
routes = Routes(PREFIX)
Number = Annotated[int, Field(ge=0, le=LARGEST)]
Operation = Annotated[str, Field(min_length=1, max_length=200)]


class EntriesQuery(Wire):
    """Entries of an `operation`, which may be a pattern such as `agents.*`: the first `limit` after
    the one numbered `since`, or the newest. With `whole` their bodies are not cut. Health checks
    are left out unless `health` is true or the operation names them."""

    operation: Operation | None = None
    since: Number | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_ENTRIES)] = 100
    whole: bool = False
    health: bool = False


class EntryList(TypedDict):
    """Entries, oldest first, and how many were dropped because there were too many."""

    entries: list[EntryDocument]
    dropped: int


class Expectation(Wire):
    """An expectation of requests: exactly `times`, or at least one.

    `conditions` are those of the Python API: a field of the body, the query or the path, `a__0__b`
    for a nested one, with a value or `{"matches": "<regular expression>"}`.
    """

    operation: Operation | None = None
    conditions: dict[Annotated[str, Field(max_length=200)], JsonValue] = {}
    times: Number | None = None
    since: Number = 0


class ExpectedSequence(Wire):
    """An expectation of operations in this order. With `strict` no others may be in between."""

    operations: Annotated[list[Operation], Field(min_length=1, max_length=MOST_ENTRIES)]
    strict: bool = False
    since: Number = 0


class UnmetList(Wire):
    """The unmet expectations, each as a few lines."""

    unmet: list[str]


class ReportSection(TypedDict):
    """A titled part of a report."""

    title: str
    text: str


class Report(TypedDict):
    """What happened in a world: its newest requests, the verdict unless it is clean, and the latest
    conversations.
    """

    sections: list[ReportSection]


class FindingsQuery(Wire):
    """Names of findings to ignore, separated by commas."""

    allow: str = ""


@routes.get("/journal", "control.journal.list")
def list_entries(world: World, query: EntriesQuery) -> EntryList:
    """List requests and their responses: the newest, or those since a number (`since`)."""
    found = find(
        world.journal,
        query.operation,
        since=query.since,
        limit=query.limit,
        whole=query.whole,
        health=query.health,
    )
    return EntryList(entries=found, dropped=world.journal.dropped)


@routes.get("/journal/{number}", "control.journal.retrieve")
def read_entry(world: World, number: str) -> EntryDocument:
    """Show one request with its whole bodies and events."""
    entry = world.journal.find(int(number)) if number.isdecimal() else None
    if entry is None:
        raise NotFound(f"The journal has no entry {number[:20]}")
    return entry.to_dict(whole=True)


@routes.delete("/journal", "control.journal.delete")
def clear_journal(world: World) -> EntryList:
    """Remove all entries. Their numbers are not used again."""
    world.journal.clear()
    return EntryList(entries=[], dropped=0)


@routes.post("/journal/expect", "control.journal.expect")
def expect_entries(world: World, body: Expectation) -> ExpectationAnswer:
    """Check that requests were made as expected, and report what differed."""
    return expect(
        world.journal, body.operation, body.conditions, times=body.times, since=body.since
    )


@routes.post("/journal/expect-sequence", "control.journal.expect_sequence")
def expect_sequence(world: World, body: ExpectedSequence) -> ExpectationAnswer:
    """Check that operations were called in an order. If not, return what was received instead."""
    asked = world.journal.since(body.since)
    try:
        met = asked.expect_sequence(*body.operations, strict=body.strict)
    except JournalMismatch as mismatch:
        return ExpectationAnswer(
            met=False, message=str(mismatch), entries=[], missing=asked.missing
        )
    numbers = [entry.number for entry in met]
    return ExpectationAnswer(met=True, message=None, entries=numbers, missing=asked.missing)


@routes.get("/unmet", "control.unmet")
def list_unmet(world: World) -> UnmetList:
    """List unmatched messages of a strict script, and rules and faults that were never used."""
    return UnmetList(unmet=unmet_expectations(world))


@routes.get("/report", "control.report")
def report_world(world: World) -> Report:
    """Return what the report of a failing test shows: requests, verdict and conversations."""
    return Report(
        sections=[ReportSection(title=title, text=text) for title, text in sections(world)]
    )


@routes.get("/verdict", "control.verdict")
def give_verdict(world: World, query: FindingsQuery) -> VerdictDocument:
    """Return what the client did wrong, with the entries that show it."""
    allowed = [name.strip() for name in query.allow.split(",") if name.strip()]
    for name in allowed:
        if name not in NAMES:
            known = ", ".join(NAMES)
            raise Unprocessable(f"Unknown finding {name!r}: the findings are {known}")
    return judge(world.journal, allowed).to_dict()
