"""Findings about streams that broke off, and streams that the client left."""

from collections.abc import Iterator, Sequence

from mockletta.journal.entries import Entry
from mockletta.journal.findings.finding import Finding, finding
from mockletta.journal.findings.sends import (
    CANCELS,
    RESUMES,
    SENDING_OPERATIONS,
    has_ended,
    looked_after,
    pairs,
)

TAKEN_FOR_WHOLE = "truncated-stream-taken-for-whole"
NOT_READ = "stream-not-read-to-end"


def taken_for_whole(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Find a stream that a fault cut, after which the client continued the conversation as if it
    were complete.

    The stream lacks its stop reason. A client that notices sends the message again, resumes the
    stream, or reads the thread or its run.
    """
    for first, following in pairs(entries):
        if (
            _is_broken(first.entry)
            and first.content != following.content
            and not looked_after(entries, first.entry, following.entry)
        ):
            yield finding(
                TAKEN_FOR_WHOLE,
                f"the stream of #{first.entry.number} broke off without a stop reason, but "
                f"#{following.entry.number} sends the next message: the answer was neither resumed "
                "nor requested again",
                (first.entry, following.entry),
            )


def not_read(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Find an intact stream that the client left before its end.

    A client may leave a run that it cancels, a stream that it resumes or requests again, and a
    background stream whose outcome it reads later.
    """
    repeated = {
        first.entry.number for first, again in pairs(entries) if first.content == again.content
    }
    for entry in entries:
        if _is_left(entry) and entry.number not in repeated and not _came_back(entries, entry):
            yield finding(
                NOT_READ,
                f"the client left the stream of #{entry.number} before its end "
                f"({len(entry.events)} events had been sent)",
                (entry,),
            )


def _is_broken(entry: Entry) -> bool:
    return (
        entry.fault is not None
        and entry.duration is not None
        and entry.is_stream
        and not has_ended(entry)
    )


def _is_left(entry: Entry) -> bool:
    return (
        entry.left_early
        and entry.fault is None
        and entry.duration is not None
        and entry.is_stream
        and not has_ended(entry)
    )


def _came_back(entries: Sequence[Entry], entry: Entry) -> bool:
    looks = looked_after(entries, entry)
    if _is_background(entry):
        return bool(looks)
    return any(look.operation in RESUMES | CANCELS for look in looks)


def _is_background(entry: Entry) -> bool:
    """Return whether the run continues without a reader: it is a background run, or a resumed
    one."""
    body = entry.body
    asked = isinstance(body, dict) and body.get("background") is True
    return asked or entry.operation not in SENDING_OPERATIONS
