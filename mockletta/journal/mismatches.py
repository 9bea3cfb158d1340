"""Messages of failed expectations."""

from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase

from mockletta.documents.hints import did_you_mean
from mockletta.journal.entries import Entry
from mockletta.journal.request_matching import Conditions, Difference, differences, spelled
from mockletta.journal.terminal_text import counted, printable

MOST_LISTED = 5
MOST_OPERATIONS = 12


class JournalMismatch(AssertionError):
    """The journal is not as expected. The message shows the received requests and what differed."""


class JournalIncomplete(UserWarning):
    """Warns that dropped entries could have changed an answer of the journal."""


def name_of(entry: Entry) -> str:
    """Return what a request was for: its operation, or its method and path."""
    return entry.operation or printable(f"{entry.method} {entry.path}")


def described(operation: str | None, conditions: Conditions) -> str:
    """Describe an expectation: `agents.create with name='support'`."""
    fields = ", ".join(
        f"{name}={'<the key given>' if name == 'key' else spelled(value)}"
        for name, value in conditions.items()
    )
    return f"{operation or 'any operation'}{f' with {fields}' if fields else ''}"


def line_of(entry: Entry) -> str:
    """Return an entry on one short line."""
    status = "no answer" if entry.status is None else str(entry.status)
    fault = f", fault: {printable(entry.fault)}" if entry.fault else ""
    return f"#{entry.number} {name_of(entry)} -> {status}{fault}"


def mismatch(
    wanted: str,
    operation: str | None,
    conditions: Conditions,
    *,
    found: Sequence[Entry],
    candidates: Sequence[Entry],
    journal: Sequence[Entry],
    missing: int,
) -> JournalMismatch:
    """Return the error for an unmet expectation. Requests in `found` meet all conditions, those in
    `candidates` have the operation."""
    lines = [f"expected {wanted}: {described(operation, conditions)}", _outcome(found)]
    lines += [f"  {line_of(entry)}" for entry in found[:MOST_LISTED]]
    lines += _more(len(found))
    met = set(map(id, found))
    others = [entry for entry in candidates if id(entry) not in met]
    if others:
        lines += _nearest(others, conditions, operation)
    elif not found:
        lines += _never_came(operation, journal)
    return JournalMismatch("\n".join(lines + incomplete(missing)))


def out_of_order(
    operations: Sequence[str],
    place: int,
    after: Entry | None,
    journal: Sequence[Entry],
    *,
    missing: int,
    strict: bool,
) -> JournalMismatch:
    """Return the error for an incomplete sequence; `after` is the last request that was found."""
    marks = ["came" if at < place else "missing here" for at in range(place + 1)]
    marks += ["not searched for"] * (len(operations) - place - 1)
    between = "with no others in between" if strict else "others may be in between"
    lines = [f"expected the sequence of {counted(operations, 'operation')}, {between}"]
    lines += [f"  {name}: {mark}" for name, mark in zip(operations, marks, strict=True)]
    rest = [one for one in journal if after is None or one.number > after.number]
    where = f"after #{after.number}" if after else "in the journal"
    lines.append(f"{where}: {counted(rest, 'request')}")
    lines += [f"  {line_of(entry)}" for entry in rest[:MOST_LISTED]]
    lines += _more(len(rest))
    wanted = operations[place]
    if not any(fnmatchcase(name_of(entry), wanted) for entry in journal):
        lines += _never_came(wanted, journal)
    return JournalMismatch("\n".join(lines + incomplete(missing)))


def incomplete(missing: int) -> list[str]:
    """Return the line about dropped older entries, if there are any."""
    if not missing:
        return []
    gone = "1 older entry was" if missing == 1 else f"{missing} older entries were"
    return [f"{gone} dropped from the journal, which is limited (most_entries, most_bytes)"]


def _outcome(found: Sequence[Entry]) -> str:
    return "no request met this" if not found else f"{counted(found, 'request')} met this:"


def _more(number: int) -> list[str]:
    return [f"  and {number - MOST_LISTED} more"] if number > MOST_LISTED else []


def _nearest(entries: Sequence[Entry], conditions: Conditions, operation: str | None) -> list[str]:
    """Return the requests with the fewest unmet conditions, newest first, and what differs."""
    judged = [(differences(entry, conditions), entry) for entry in entries]
    judged.sort(key=lambda item: (len(item[0]), -item[1].number))
    name = operation or "any operation"
    lines = [f"{counted(entries, 'request')} of {name} differed, the nearest first:"]
    for found, entry in judged[:MOST_LISTED]:
        lines.append(f"  {line_of(entry)}")
        lines += [_described_difference(difference) for difference in found]
    return lines + _more(len(judged))


def _described_difference(difference: Difference) -> str:
    return f"    {difference.name}: expected {difference.expected}, was {difference.received}"


def _never_came(operation: str | None, journal: Sequence[Entry]) -> list[str]:
    received = Counter(map(name_of, journal))
    if not received:
        return ["the journal is empty: there were no requests"]
    hint = did_you_mean(operation or "", received)
    listed = [f"{name} ({number})" for name, number in received.most_common(MOST_OPERATIONS)]
    more = ", …" if len(received) > MOST_OPERATIONS else ""
    return [
        f"no request was {operation}{hint}",
        f"{counted(journal, 'request')} received: {', '.join(listed)}{more}",
    ]
