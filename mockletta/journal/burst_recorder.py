"""Records paced events in the journal when they are sent."""

from time import perf_counter
from typing import TYPE_CHECKING

from mockletta.journal.stream_frames import PacedPart

if TYPE_CHECKING:
    from mockletta.journal.entries import Entry

COUNTED_TOGETHER = 16 * 1024
"""The bytes of events that are counted together."""


class BurstRecorder:
    """Records events of a burst when they are sent, as a part of an entry's stream. The journal
    counts the bytes of several at once."""

    __slots__ = ("_entry", "_observer", "_part", "_started", "_times", "_uncounted")

    def __init__(self, entry: "Entry", part: PacedPart) -> None:
        self._entry = entry
        self._observer = entry.observer
        self._started = entry.started
        self._part = part
        self._times = part.times
        self._uncounted = 0

    @property
    def count(self) -> int:
        """The number of events."""
        return len(self._times)

    def record(self, number: int, size: int) -> None:
        """Record that the next events are sent now: their number, and the bytes of their frames."""
        at = perf_counter() - self._started
        if number == 1:
            self._times.append(at)
        else:
            self._times.extend([at] * number)
        self._uncounted += size
        if self._uncounted >= COUNTED_TOGETHER:
            self.count_bytes()
        observer = self._observer
        if observer is not None and observer.is_watched_closely:
            self._publish(number)

    def _publish(self, number: int) -> None:
        """Publish the newest events, unless the journal has dropped the entry."""
        if self._entry.observer is not None:
            events = self._part.between(self.count - number, self.count)
            self._entry.observer.sent(self._entry, events)

    def count_bytes(self) -> None:
        """Count the bytes of the events since the last call, unless the journal has dropped the
        entry."""
        if self._entry.observer is not None:
            self._entry.observer.grew(self._entry, self._uncounted)
        self._uncounted = 0
