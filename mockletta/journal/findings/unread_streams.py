"""Streams that broke off, and streams that were left."""

from collections.abc import Iterator, Sequence

from mockletta.journal.entries import Entry
from mockletta.journal.findings.finding import Finding, finding
from mockletta.journal.findings.sends import (
    CANCELS,
    OPERATIONS,
    RESUMES,
    has_ended,
    looked_after,
    pairs,
)

TAKEN_FOR_WHOLE = "truncated-stream-taken-for-whole"
NOT_READ = "stream-not-read-to-end"


def taken_for_whole(entries: Sequence[Entry]) -> Iterator[Finding]:
    """A stream that a fault broke off, after which the conversation went on as if it were whole.

    It lacks the stop reason. A client that notices sends the message again, resumes the stream, or
    looks at the thread or its run.
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
                "nor asked for again",
                (first.entry, following.entry),
            )


def not_read(entries: Sequence[Entry]) -> Iterator[Finding]:
    """A stream that the client left before its end, though nothing was wrong with it.

    One may leave a run that one cancels, a stream that one resumes or asks for again, and one in
    the background if one comes back for what became of it.
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
    """Whether its run goes on by itself: it was asked for so, or it is a resumed one."""
    body = entry.body
    asked = isinstance(body, dict) and body.get("background") is True
    return asked or entry.operation not in OPERATIONS
