"""Findings about retries: too early, or not recognisable as a retry."""

from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from math import isfinite

from mockletta.journal.entries import Entry
from mockletta.journal.findings.finding import Finding, finding
from mockletta.journal.findings.sends import Send, looked_after, outcome, pairs

TOO_EARLY = "retry-after-ignored"
UNKNOWN_REPEAT = "send-repeated-without-otid"
TOLERANCE = 0.05
"""Seconds by which clocks may differ."""


def too_early(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Find a request that was repeated before the time that the answer asked for.

    The time starts with the first request's arrival, so a client that waits is never too early. It
    is measured by the server's clock and by the world's; the longer time counts.
    """
    for same in _same_requests(entries):
        if len(same) > 1 and any(_wait(entry) is not None for entry in same):
            for first, again in _early_retries(same):
                asked, passed = _wait(first), _passed(first, again)
                yield finding(
                    TOO_EARLY,
                    f"the answer to #{first.number} asked to wait {asked:g} s, but the same "
                    f"request was repeated after {passed:.2f} s",
                    (first, again),
                )


def _same_requests(entries: Sequence[Entry]) -> list[list[Entry]]:
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        same = (entry.method, entry.path, entry.query_string, entry.request_bytes, entry.key_mark)
        groups.setdefault(same, []).append(entry)
    return list(groups.values())


def _early_retries(same: list[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Return pairs of an answer that asked to wait and a request that did not; each is used once.

    The SDK's own retries have a number and come first. Other requests may be equal by chance, or be
    sent by the app itself.
    """
    waiting = [entry for entry in same if _wait(entry) is not None and entry.duration is not None]
    for counted in (True, False):
        for again in same:
            if bool(again.retry_count) is counted:
                first = _answer_to_wait_for(waiting, again)
                if first is not None:
                    waiting.remove(first)
                    if not _is_due(first, again):
                        yield first, again


def _answer_to_wait_for(waiting: list[Entry], again: Entry) -> Entry | None:
    """Return an answer whose wait was respected, if there is one, else the oldest answer."""
    before = [one for one in waiting if one.number < again.number]
    if again.retry_count:
        before = [one for one in before if one.retry_count == again.retry_count - 1]
    return next((one for one in before if _is_due(one, again)), before[0] if before else None)


def _is_due(first: Entry, again: Entry) -> bool:
    return _passed(first, again) >= (_wait(first) or 0.0) - TOLERANCE


def _passed(first: Entry, again: Entry) -> float:
    return max(again.started - first.started, (again.at - first.at).total_seconds())


def _wait(entry: Entry) -> float | None:
    """Return the seconds that the answer asked to wait, as the SDK reads them; None if it did
    not."""
    if entry.status is None or entry.status < 300:
        return None
    milliseconds = _number(entry.response_header("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1_000
    text = entry.response_header("retry-after")
    seconds = _number(text)
    if seconds is not None or text is None:
        return seconds
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    left = (date - entry.at).total_seconds() if date.tzinfo else 0.0
    return left if left > 0 else None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if isfinite(number) and number > 0 else None


def repeated_unknown(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Find a message that was sent again after its answer was lost, without an otid.

    The client cannot know whether the message arrived. A refusal (4xx, 503) means that it did not.
    A client that reads the thread or its runs first knows.
    """
    for first, again in pairs(entries):
        if _is_blind_repeat(first, again) and not looked_after(entries, first.entry, again.entry):
            yield finding(
                UNKNOWN_REPEAT,
                f"#{again.entry.number} repeats the message of #{first.entry.number}, whose answer "
                "was lost, without an otid: the server takes it for a new message",
                (first.entry, again.entry),
            )


def _is_blind_repeat(first: Send, again: Send) -> bool:
    if first.content != again.content or (again.is_recognised and first.otids == again.otids):
        return False
    became = outcome(first.entry)
    gave_up_waiting = (again.entry.retry_count or 0) > (first.entry.retry_count or 0)
    return became == "unknown" or (gave_up_waiting and became != "refused")
