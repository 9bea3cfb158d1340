"""The journal of a world: its newest entries, limited by number and by bytes."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import TypeVar

from mockletta.journal.entries import Entry
from mockletta.journal.expectations import JournalQueries, Selection
from mockletta.journal.feed import Feed, WatchLevel
from mockletta.journal.stream_frames import parsed
from mockletta.journal.terminal_text import printable
from mockletta.journal.traffic import Traffic
from mockletta.state.event_log import Events, each

MOST_ENTRIES = 5_000
MOST_BYTES = 32 * 1024 * 1024
MOST_CHECKS = 100
"""Health checks are kept separately, so that they do not displace other entries."""
CHECKED_PATHS = frozenset({"/v1/health", "/v1/ready", "/latest/health", "/latest/ready"})
_NUMBER = attrgetter("number")
_EVERYTHING = WatchLevel.EVERYTHING  # read for each token, and an enumeration takes long
SECONDS_TO_WAIT = 5.0
SECONDS_TO_SETTLE = 2.0
Seen = TypeVar("Seen")
logger = logging.getLogger("mockletta.journal")


MOST_UNLISTED = 100


class Journal(JournalQueries):
    """Entries in order of arrival. The oldest are dropped if there are too many or they are too
    large.

    `bytes` is the size of heads, bodies and frames of the kept entries, `dropped` the number of
    dropped ones. The server's thread adds and removes entries; any thread can query them.
    """

    def __init__(self, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self.most_entries = most_entries
        self.most_bytes = most_bytes
        self.bytes = 0
        self._entries: deque[Entry] = deque()
        self._checks: deque[Entry] = deque(maxlen=MOST_CHECKS)
        self._next_number = 1
        self._first_number = 1
        self._is_cleared = False
        self._dropped = 0
        self._dropped_before = 0
        self._news = threading.Condition()
        self._waiting = 0
        self.feed: Feed | None = None
        self.traffic: Traffic | None = None
        self.world_name = ""
        self.unlisted_models: list[str] = []
        """Models that clients used though the server does not list them."""

    def name_unlisted_model(self, handle: str) -> None:
        """Record a model that is accepted though the server does not list it."""
        if handle not in self.unlisted_models and len(self.unlisted_models) < MOST_UNLISTED:
            self.unlisted_models.append(handle)

    def add(self, entry: Entry) -> None:
        """Number an entry and keep it."""
        entry.number = self._next_number
        self._next_number += 1
        if self.traffic is not None:
            entry.traffic = self.traffic
            self.traffic.started += 1
        if entry.path.rstrip("/") in CHECKED_PATHS:
            self._checks.append(entry)
            return
        entry.observer = self
        self._entries.append(entry)
        if self._is_cleared or len(self._entries) > self.most_entries:
            self._is_cleared = False
            self._tidy()

    def grew(self, entry: Entry, size: int) -> None:
        """Count the bytes that an entry has grown by. The entry calls this."""
        entry.size += size
        self.bytes += size
        if self.bytes > self.most_bytes:
            self._tidy()

    def sent(self, entry: Entry, events: Events) -> None:
        """Publish events of a stream that were sent together. The entry calls this."""
        assert self.feed is not None
        frames = [parsed(event.json) for event in each(events)]
        facts = {"world": self.world_name, "number": entry.number, "frames": frames}
        self.feed.publish("frames", facts)

    def finished(self, entry: Entry, streamed: int) -> None:
        """Count a complete entry and the last bytes of its stream, and notify waiting threads. The
        entry calls this."""
        size = len(entry.raw_request) + len(entry.raw_response) + entry.head_size + streamed
        entry.size += size
        self.bytes += size
        if self.bytes > self.most_bytes:
            self._tidy()
        if logger.isEnabledFor(logging.DEBUG):
            _log(entry)
        if self.feed is not None and self.feed.interest:
            self._publish_response(entry)
        if self._waiting:
            with self._news:
                self._news.notify_all()

    def find(self, number: int) -> Entry | None:
        """Return the entry with a number, None if it is not kept."""
        return next((entry for entry in reversed(list(self)) if entry.number == number), None)

    @property
    def is_watched(self) -> bool:
        """Whether a watcher of the feed wants each request of this journal."""
        return self.feed is not None and self.feed.interest >= WatchLevel.REQUESTS

    @property
    def is_watched_closely(self) -> bool:
        """Whether a watcher of the feed wants everything, including the frames of each stream."""
        return self.feed is not None and self.feed.interest is _EVERYTHING

    def _publish_response(self, entry: Entry) -> None:
        """Publish a complete answer to those who watch all requests, or problems like this one."""
        is_wanted = self.is_watched or entry.is_problem
        if self.feed is not None and entry.number and is_wanted:
            self.feed.publish("response", {"world": self.world_name, **_facts_of(entry)})

    def clear(self) -> None:
        """Remove all entries. Their numbers are not used again."""
        self._first_number = self._next_number
        self._dropped_before = self._dropped
        self._is_cleared = True
        self.unlisted_models.clear()

    @property
    def dropped(self) -> int:
        """The number of entries that were dropped since the journal was cleared."""
        return self._dropped - self._dropped_before

    def since(self, number: int) -> Selection:
        """Return the entries after the one with this number, for the same queries."""
        return Selection(self, number)

    def wait_for(
        self,
        operation: str | None = None,
        /,
        *,
        timeout: float = SECONDS_TO_WAIT,
        **conditions: object,
    ) -> Entry:
        """Wait for the first matching request whose answer is complete, and return it.

        Do not call this in the server's own thread. Raises JournalMismatch if there is none within
        `timeout` seconds.
        """

        def over() -> Entry | None:
            found = self.matching(operation, conditions)
            return next((entry for entry in found if entry.duration is not None), None)

        entry = self._wait(over, timeout)
        if entry is None:
            wanted = f"a request that is complete within {timeout:g} s"
            raise self.mismatch(wanted, operation, conditions)
        return entry

    def settle(self, timeout: float = SECONDS_TO_SETTLE) -> bool:
        """Wait until every answer is complete, including those that a client has just left. Return
        False if some are not within `timeout` seconds. Do not call this in the server's own thread.
        """
        return self._wait(lambda: all(entry.duration is not None for entry in self), timeout)

    @property
    def missing(self) -> int:
        """The number of entries that were dropped and cannot be searched."""
        return self.dropped

    def __iter__(self) -> Iterator[Entry]:
        first = self._first_number
        kept = [entry for entry in list(self._entries) if entry.number >= first]
        checks = [entry for entry in list(self._checks) if entry.number >= first]
        return iter(sorted([*kept, *checks], key=_NUMBER) if checks else kept)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _wait(self, look: Callable[[], Seen], timeout: float) -> Seen:
        """Return the first result of a query. It is repeated whenever an answer is complete."""
        with self._news:
            self._waiting += 1
            try:
                return self._news.wait_for(look, timeout)
            finally:
                self._waiting -= 1

    def _tidy(self) -> None:
        """Remove cleared entries, then the oldest ones until the limits are met."""
        entries, first = self._entries, self._first_number
        while entries and (
            len(entries) > self.most_entries
            or self.bytes > self.most_bytes
            or entries[0].number < first
        ):
            entry = entries.popleft()
            entry.observer = None
            self.bytes -= entry.size
            self._dropped += entry.number >= first
            if self.traffic is not None:
                self.traffic.dropped += 1


def _log(entry: Entry) -> None:
    logger.debug(
        "#%d %s %s %s %.1f ms%s%s",
        entry.number,
        entry.method,
        printable(entry.path),
        entry.status or "unanswered",
        (entry.duration or 0.0) * 1_000,
        f" rule: {entry.rule}" if entry.rule else "",
        f" fault: {entry.fault}" if entry.fault else "",
    )


def _facts_of(entry: Entry) -> dict[str, object]:
    """Return the facts that the feed has about a complete answer."""
    return {
        "number": entry.number,
        "operation": entry.operation,
        "method": entry.method,
        "path": entry.path,
        "status": entry.status,
        "duration": entry.duration,
        "key": entry.key,
        "rules": entry.rules,
        "unscripted": entry.unscripted,
        "fault": entry.fault,
        "quirks": [dependence.quirk for dependence in entry.quirks],
        "left_early": entry.left_early,
        "is_stream": entry.is_stream,
    }
