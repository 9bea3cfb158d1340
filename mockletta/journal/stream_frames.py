"""The events of a stream as the journal shows them."""

import json
from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import Any, NamedTuple

from mockletta.documents.json_types import Json
from mockletta.http.sse import DONE_TEXT, name_of
from mockletta.state.event_log import Burst, Event, Events, each, part_of

_ENDINGS = ("stop_reason", "error_message")


class SentPart(NamedTuple):
    """A part of a stream as it was sent: its events, and the beginning of the next one.

    `times` are in seconds since the request arrived: one for each event, or one for all of them.
    """

    times: Sequence[float]
    events: Events
    begun: Event | None = None


class PacedPart:
    """A part of a stream whose events are sent when they are due: those of a burst, from a place
    on. Each has a time."""

    __slots__ = ("_burst", "_first", "times")
    begun = None

    def __init__(self, burst: Burst, first: int) -> None:
        self._burst = burst
        self._first = first
        self.times = array("d")

    @property
    def events(self) -> Events:
        """The events that have been sent."""
        return self.between(0, len(self.times))

    def between(self, start: int, stop: int) -> Events:
        """The events from one place in this part up to another."""
        if start == stop:
            return ()
        return [part_of(self._burst, self._first + start, self._first + stop)]


class SentFrame(NamedTuple):
    """One event of a stream: when it was sent, in seconds since the request arrived, and its data.

    `data` is its JSON, else its text, as at the end of a stream. A frame that was cut in the middle
    is not `whole`.
    """

    at: float
    event: str | None
    data: Any
    whole: bool = True

    @property
    def kind(self) -> str | None:
        """The type of the event's message, or None."""
        return self.data.get("message_type") if isinstance(self.data, dict) else None

    @property
    def ends_the_answer(self) -> bool:
        """Whether a client that has read this event knows how the answer ended."""
        return self.whole and (
            self.data == DONE_TEXT or self.event == "error" or self.kind in _ENDINGS
        )


def parsed(raw: bytes) -> Json:
    """Return the JSON in some bytes; their text if they are not JSON, None if they are empty."""
    if not raw:
        return None
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return raw.decode(errors="replace")


def sent_frames(stream: Sequence[SentPart | PacedPart]) -> Iterator[SentFrame]:
    """Return the sent events, each with the time of the bytes that completed it.

    Only the last one can be incomplete.
    """
    for part in stream:
        each_time = chain(part.times, repeat(part.times[-1])) if part.times else ()
        timed = zip(each_time, each(part.events), strict=False)
        yield from (_frame(at, event) for at, event in timed)
    begun = stream[-1].begun if stream else None
    if begun is not None:
        yield _frame(stream[-1].times[-1], begun, whole=False)


def _frame(at: float, event: Event, *, whole: bool = True) -> SentFrame:
    return SentFrame(at, name_of(event.kind), parsed(event.json), whole)
