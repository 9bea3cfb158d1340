"""Findings about reads that a client repeats: the same page twice, or one call for each item of a
list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from mockletta.journal.entries import Entry
from mockletta.journal.findings.finding import Finding, finding

SAME_PAGE = "same-page-twice"
CURSORS = ("after", "before")
PAGE_SIZES = (50, 100)
"""The default page sizes of lists."""

Page = tuple[object, ...]


def same_page(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Find a full page that is requested again instead of the next page.

    A request with a cursor counts unless the list was read to its end or started again since. A
    request without one only counts if it is the client's next request. Nothing was written in
    between, no turn was running, and the first answer was complete.
    """
    read: dict[Page, Entry] = {}
    newest: dict[int | None, Entry] = {}
    quiet_from = 0.0
    for entry in entries:
        if writes(entry):
            read.clear()
            quiet_from = max(quiet_from, end_of_write(entry))
        elif (entry.operation or "").endswith(".list"):
            first = _read_before(entry, read, newest.get(entry.key_mark))
            if first is not None and first.started > quiet_from and _follows(first, entry):
                yield _finding(first, entry)
            if _is_full(entry):
                read[_page(entry)] = entry
            elif entry.status == 200:
                _forget(read, entry)
        newest[entry.key_mark] = entry


def _read_before(entry: Entry, read: dict[Page, Entry], newest: Entry | None) -> Entry | None:
    """Return the request that read this page before, if the next page was expected after it."""
    first = read.get(_page(entry))
    if _cursor(entry):
        return first
    _forget(read, entry)
    return first if first is newest else None


def _forget(read: dict[Page, Entry], entry: Entry) -> None:
    """Forget the pages of a list."""
    for page in [page for page, other in read.items() if _list(other) == _list(entry)]:
        del read[page]


def _finding(first: Entry, entry: Entry) -> Finding:
    cursor = _cursor(entry) or "no cursor"
    return finding(
        SAME_PAGE,
        f"#{entry.number} requests {entry.operation} with {cursor} again, which #{first.number} "
        f"had answered with a full page: the next page starts after the last item of that one",
        (first, entry),
    )


def _list(entry: Entry) -> Page:
    return (entry.key_mark, entry.operation, entry.path)


def _page(entry: Entry) -> Page:
    return (*_list(entry), *sorted((name, str(value)) for name, value in entry.query.items()))


def _cursor(entry: Entry) -> str:
    query = entry.query
    return ", ".join(f"{name}={query[name]}" for name in CURSORS if query.get(name))


def _follows(first: Entry, entry: Entry) -> bool:
    """Return whether the client had received the first answer when it sent this request."""
    return entry.started > first.started + (first.duration or 0.0) and not entry.retry_count


def _is_full(entry: Entry) -> bool:
    items = entry.response
    if entry.status != 200 or entry.fault or not isinstance(items, list):
        return False
    limit = str(entry.query.get("limit", ""))
    if not limit.isdecimal():
        return len(items) in PAGE_SIZES
    least = 1 if _cursor(entry) else 2  # the newest item alone may be requested at any time
    return len(items) >= int(limit) >= least


def writes(entry: Entry) -> bool:
    """Return whether a request may have changed something: it is not a read and was not refused."""
    return entry.method != "GET" and (entry.status is None or entry.status < 400)


def end_of_write(entry: Entry) -> float:
    """Return when a writing request was complete, in terms of `started`. It is infinity if the
    request started a turn that runs in the background.
    """
    body = entry.body
    continues = isinstance(body, dict) and body.get("background") is True
    if continues or entry.operation == "agents.messages.create_async" or entry.duration is None:
        return inf
    return entry.started + entry.duration


PER_ITEM = "list-call-per-item"
MANY = 5


class ItemCall(NamedTuple):
    """An operation on one item, the parameter with its id, and the lists that return the same."""

    operation: str
    parameter: str
    lists: tuple[str, ...]


ITEM_CALLS = (
    ItemCall("agents.retrieve", "agent_id", ("agents.list", "blocks.agents.list")),
    ItemCall("agents.blocks.list", "agent_id", ("agents.list", "blocks.agents.list")),
    ItemCall("blocks.retrieve", "block_id", ("blocks.list", "agents.blocks.list")),
    ItemCall("conversations.retrieve", "conversation_id", ("conversations.list",)),
    ItemCall("steps.retrieve", "step_id", ("steps.list", "runs.steps.list")),
)


def per_item(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Find calls that differ in one id only, directly after a list that returned the same items.

    In between, nothing was written and the client made no other request.
    """
    for call in ITEM_CALLS:
        for run in _runs(call, entries):
            if len(run.asked) >= MANY:
                yield finding(
                    PER_ITEM,
                    f"{len(run.calls)} calls of {call.operation}, one for each item of "
                    f"#{run.listed.number}: one {run.listed.operation} returns the same (its "
                    "`include`, if it has one, sets how much)",
                    (run.listed, *run.calls),
                )


@dataclass
class _Run:
    """A list, and the calls for its items that follow it."""

    call: ItemCall
    listed: Entry
    told: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    calls: list[Entry] = field(default_factory=list)

    def takes(self, entry: Entry) -> bool:
        """Return whether a request is a further page of the list, or a call for one of its
        items."""
        if entry.operation in self.call.lists:
            self.told |= _ids(entry)
            return True
        item = entry.params.get(self.call.parameter, "")
        if entry.operation != self.call.operation or item not in self.told:
            return False
        if self.calls and self.calls[0].query_string != entry.query_string:
            return False
        self.asked.add(item)
        self.calls.append(entry)
        return True


def _runs(call: ItemCall, entries: Sequence[Entry]) -> Iterator[_Run]:
    runs: dict[int | None, _Run] = {}
    for entry in entries:
        run = runs.get(entry.key_mark)
        if writes(entry):
            yield from runs.values()
            runs = {}
        elif run is None or not run.takes(entry):
            if run is not None:
                yield runs.pop(entry.key_mark)
            if entry.operation in call.lists:
                runs[entry.key_mark] = _Run(call, entry, _ids(entry))
    yield from runs.values()


def _ids(entry: Entry) -> set[str]:
    items = entry.response
    if entry.status != 200 or not isinstance(items, list):
        return set()
    return {str(item.get("id")) for item in items if isinstance(item, dict)}
