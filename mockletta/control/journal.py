"""The journal of a world: what was asked and answered, expectations, and the verdict."""

from typing import Annotated, Any

from pydantic import Field, JsonValue

from mockletta.control.dispatch import PREFIX
from mockletta.errors import Unprocessable
from mockletta.http.routing import Routes
from mockletta.journal.mismatches import JournalMismatch
from mockletta.journal.question_json import expect
from mockletta.journal.question_json import query as find
from mockletta.journal.verdict import NAMES, judge
from mockletta.wire.base import Wire
from mockletta.world.unmet_expectations import unmet_expectations
from mockletta.world.world import World

MOST_ENTRIES = 1_000
LARGEST = 2**53
routes = Routes(PREFIX)
Number = Annotated[int, Field(ge=0, le=LARGEST)]
Operation = Annotated[str, Field(min_length=1, max_length=200)]


class EntriesQuery(Wire):
    """Entries of an `operation`, which may be a pattern such as `agents.*`: the first `limit` that
    came after the one numbered `since`, else the newest; `whole` ones have all of their bodies."""

    operation: Operation | None = None
    since: Number | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_ENTRIES)] = 100
    whole: bool = False


class EntryList(Wire):
    """Entries, oldest first, and how many fell out of the journal because there were too many."""

    entries: list[dict[str, Any]]
    dropped: int


class Expectation(Wire):
    """Requests that must have been made: so many `times`, or at least once.

    `conditions` are those of the Python API: a field of the body, the query or the path by its
    name, `a__0__b` for what is deeper, and its value or `{"matches": "<regular expression>"}`.
    """

    operation: Operation | None = None
    conditions: dict[Annotated[str, Field(max_length=200)], JsonValue] = {}
    times: Number | None = None
    since: Number = 0


class ExpectedSequence(Wire):
    """Operations that must have been asked for in this order; `strict`: no other between."""

    operations: Annotated[list[Operation], Field(min_length=1, max_length=MOST_ENTRIES)]
    strict: bool = False
    since: Number = 0


class ExpectationAnswer(Wire):
    """Whether an expectation is met, by which entries, else why not. `missing` entries fell out of
    the journal and might have changed this."""

    met: bool
    message: str | None
    entries: list[int]
    missing: int


class UnmetList(Wire):
    """What should have happened and has not, each in a few lines."""

    unmet: list[str]


class FindingsQuery(Wire):
    """Names of findings to leave out, with commas between."""

    allow: str = ""


@routes.get("/journal", "control.journal.list")
def list_entries(world: World, query: EntriesQuery) -> EntryList:
    """List requests and their responses: the newest, or those `since` one of them."""
    found = find(
        world.journal,
        query.operation,
        since=query.since,
        limit=query.limit,
        whole=query.whole,
    )
    return EntryList(entries=found, dropped=world.journal.dropped)


@routes.delete("/journal", "control.journal.delete")
def clear_journal(world: World) -> EntryList:
    """Forget all entries; their numbers are not given again."""
    world.journal.clear()
    return EntryList(entries=[], dropped=0)


@routes.post("/journal/expect", "control.journal.expect")
def expect_entries(world: World, body: Expectation) -> dict[str, Any]:
    """Tell whether requests were made as expected, else what came and what differed."""
    return expect(
        world.journal, body.operation, body.conditions, times=body.times, since=body.since
    )


@routes.post("/journal/expect-sequence", "control.journal.expect_sequence")
def expect_sequence(world: World, body: ExpectedSequence) -> ExpectationAnswer:
    """Tell whether operations were asked for in an order, else what came instead."""
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
    """List messages that a strict script did not expect, rules and faults that were never used."""
    return UnmetList(unmet=unmet_expectations(world))


@routes.get("/verdict", "control.verdict")
def give_verdict(world: World, query: FindingsQuery) -> dict[str, Any]:
    """Tell what the client did wrong with the answers it got, and the entries that show it."""
    allowed = [name.strip() for name in query.allow.split(",") if name.strip()]
    for name in allowed:
        if name not in NAMES:
            known = ", ".join(NAMES)
            raise Unprocessable(f"There is no finding {name!r}: the findings are {known}")
    verdict = judge(world.journal, allowed)
    return {**verdict.to_dict(), "text": str(verdict)}
