"""Pages of lists that are asked for twice: a cursor was ignored."""

from collections.abc import Iterator, Sequence

from mockletta.journal.entries import Entry
from mockletta.journal.findings.finding import Finding, finding
from mockletta.journal.findings.writes import end_of_write, writes

SAME_PAGE = "same-page-twice"
CURSORS = ("after", "before")
PAGE_SIZES = (50, 100)
"""How many items lists have when nobody says how many."""

Page = tuple[object, ...]


def same_page(entries: Sequence[Entry]) -> Iterator[Finding]:
    """A full page that is asked for again where the next one would follow.

    With a cursor: unless the list was begun anew since. Without: at once, by the client's next
    request. Nothing was written in between, no turn was under way, the first answer came whole.
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
                yield _told(first, entry)
            if _is_full(entry):
                read[_page(entry)] = entry
        newest[entry.key_mark] = entry


def _read_before(entry: Entry, read: dict[Page, Entry], newest: Entry | None) -> Entry | None:
    """The request that has read this page already, if it was to be followed by the next page."""
    first = read.get(_page(entry))
    if _cursor(entry):
        return first
    for page in [page for page, other in read.items() if _list(other) == _list(entry)]:
        del read[page]
    return first if first is newest else None


def _told(first: Entry, entry: Entry) -> Finding:
    cursor = _cursor(entry) or "no cursor"
    return finding(
        SAME_PAGE,
        f"#{entry.number} asks {entry.operation} with {cursor} again, which #{first.number} had "
        "answered with a full page: the next one follows the last item of that",
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
    """Whether the client knew the first's answer when it sent this."""
    return entry.started > first.started + (first.duration or 0.0) and not entry.retry_count


def _is_full(entry: Entry) -> bool:
    items = entry.response
    if entry.status != 200 or entry.fault or not isinstance(items, list):
        return False
    limit = str(entry.query.get("limit", ""))
    if not limit.isdecimal():
        return len(items) in PAGE_SIZES
    least = 1 if _cursor(entry) else 2  # the newest item alone may be asked for at any time
    return len(items) >= int(limit) >= least
