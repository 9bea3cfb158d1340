"""The journal of a world: its newest entries, bounded by number and by bytes."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import TypeVar

from mockletta.journal.entries import Entry
from mockletta.journal.expectations import JournalQueries, Selection
from mockletta.journal.terminal_text import printable

MOST_ENTRIES = 5_000
MOST_BYTES = 32 * 1024 * 1024
SECONDS_TO_WAIT = 5.0
SECONDS_TO_SETTLE = 2.0
Seen = TypeVar("Seen")
logger = logging.getLogger("mockletta.journal")


class Journal(JournalQueries):
    """Entries in order of arrival; the oldest go when there are too many or they are too big.

    `bytes` is what heads, bodies and frames of the kept ones take, `dropped` how many went. Entries
    come from the server's thread, questions from any: only the server's takes entries out.
    """

    def __init__(self, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self.most_entries = most_entries
        self.most_bytes = most_bytes
        self.bytes = 0
        self._entries: deque[Entry] = deque()
        self._next_number = 1
        self._first_number = 1
        self._is_cleared = False
        self._gone = 0
        self._gone_before = 0
        self._news = threading.Condition()
        self._waiting = 0

    def add(self, entry: Entry) -> None:
        """Number an entry and keep it."""
        entry.number = self._next_number
        self._next_number += 1
        entry.keeper = self
        self._entries.append(entry)
        if self._is_cleared or len(self._entries) > self.most_entries:
            self._is_cleared = False
            self._tidy()

    def grew(self, entry: Entry, size: int) -> None:
        """Count bytes of an entry; called by the entry itself."""
        entry.size += size
        self.bytes += size
        if self.bytes > self.most_bytes:
            self._tidy()

    def finished(self, entry: Entry) -> None:
        """Count an entry that is over, and tell of it; called by the entry itself."""
        size = len(entry.request_bytes) + len(entry.response_body) + entry.head_size
        entry.size += size
        self.bytes += size
        if self.bytes > self.most_bytes:
            self._tidy()
        if logger.isEnabledFor(logging.DEBUG):
            _log(entry)
        if self._waiting:
            with self._news:
                self._news.notify_all()

    def clear(self) -> None:
        """Forget all entries; their numbers are not given again."""
        self._first_number = self._next_number
        self._gone_before = self._gone
        self._is_cleared = True

    @property
    def dropped(self) -> int:
        """How many entries fell out since the journal was cleared."""
        return self._gone - self._gone_before

    def since(self, number: int) -> Selection:
        """What came after the entry with this number; it takes the same questions."""
        return Selection(self, number)

    def wait_for(
        self,
        operation: str | None = None,
        /,
        *,
        timeout: float = SECONDS_TO_WAIT,
        **conditions: object,
    ) -> Entry:
        """The first request like this whose answer is over, waiting until there is one.

        Not for the server's own thread. JournalMismatch if none comes within `timeout` seconds.
        """

        def over() -> Entry | None:
            found = self.matching(operation, conditions)
            return next((entry for entry in found if entry.duration is not None), None)

        entry = self._wait(over, timeout)
        if entry is None:
            wanted = f"a request that is over within {timeout:g} s"
            raise self.mismatch(wanted, operation, conditions)
        return entry

    def settle(self, timeout: float = SECONDS_TO_SETTLE) -> bool:
        """Wait until every answer is over, such as those that a client has just left; False if
        some are not within `timeout` seconds. Not for the server's own thread."""
        return self._wait(lambda: all(entry.duration is not None for entry in self), timeout)

    @property
    def missing(self) -> int:
        """How many entries these questions cannot see any more."""
        return self.dropped

    def __iter__(self) -> Iterator[Entry]:
        first = self._first_number
        return iter([entry for entry in list(self._entries) if entry.number >= first])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _wait(self, look: Callable[[], Seen], timeout: float) -> Seen:
        """What a look finds as soon as it is anything, looking again whenever an answer is over."""
        with self._news:
            self._waiting += 1
            try:
                return self._news.wait_for(look, timeout)
            finally:
                self._waiting -= 1

    def _tidy(self) -> None:
        """Take out what was cleared, and the oldest entries until the bounds are kept."""
        entries, first = self._entries, self._first_number
        while entries and (
            len(entries) > self.most_entries
            or self.bytes > self.most_bytes
            or entries[0].number < first
        ):
            entry = entries.popleft()
            entry.keeper = None
            self.bytes -= entry.size
            self._gone += entry.number >= first


def _log(entry: Entry) -> None:
    logger.debug(
        "#%d %s %s %s %.1f ms%s%s",
        entry.number,
        entry.method,
        printable(entry.path),
        entry.status or "unanswered",
        (entry.duration or 0.0) * 1_000,
        f" rule: {entry.rule}" if entry.rules else "",
        f" fault: {entry.fault}" if entry.fault else "",
    )
