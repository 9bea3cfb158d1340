"""The journal of a world: its newest entries, bounded by number and by bytes."""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator

from mockletta.journal.entries import Entry
from mockletta.journal.printing import printable
from mockletta.journal.questions import Questions, Selection

MOST_ENTRIES = 5_000
MOST_BYTES = 32 * 1024 * 1024
SECONDS_TO_WAIT = 5.0
logger = logging.getLogger("mockletta.journal")


class Journal(Questions):
    """Entries in order of arrival; the oldest go when there are too many or they are too big.

    `bytes` is what bodies and frames of the kept ones take, `dropped` how many went. Entries come
    from the server's thread, questions from any.
    """

    def __init__(self, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self.most_entries = most_entries
        self.most_bytes = most_bytes
        self.bytes = 0
        self.dropped = 0
        self._entries: deque[Entry] = deque()
        self._next_number = 1
        self._counting = threading.Lock()
        self._news = threading.Condition()
        self._waiting = 0

    def add(self, entry: Entry) -> None:
        """Number an entry and keep it."""
        entry.number = self._next_number
        entry.keeper = self
        self._next_number += 1
        self._entries.append(entry)
        if len(self._entries) > self.most_entries:
            with self._counting:
                while len(self._entries) > self.most_entries:
                    self._drop()

    def grew(self, entry: Entry, size: int) -> None:
        """Count bytes of an entry; called by the entry itself."""
        with self._counting:
            if not entry.dropped:
                entry.size += size
                self.bytes += size
            while self.bytes > self.most_bytes:
                self._drop()

    def finished(self, entry: Entry) -> None:
        """Count an entry that is over, and tell of it; called by the entry itself."""
        self.grew(entry, len(entry.request_bytes) + len(entry.response_body))
        if logger.isEnabledFor(logging.DEBUG):
            _log(entry)
        if self._waiting:
            with self._news:
                self._news.notify_all()

    def clear(self) -> None:
        """Forget all entries; their numbers are not given again."""
        with self._counting:
            while self._entries:
                self._drop()
            self.dropped = 0

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
        end = time.monotonic() + timeout
        with self._news:
            self._waiting += 1
            try:
                while True:
                    found = self.matching(operation, conditions)
                    over = next((one for one in found if one.duration is not None), None)
                    left = end - time.monotonic()
                    if over is not None:
                        return over
                    if left <= 0:
                        break
                    self._news.wait(left)
            finally:
                self._waiting -= 1
        raise self.mismatch(f"a request that is over within {timeout:g} s", operation, conditions)

    @property
    def missing(self) -> int:
        """How many entries these questions cannot see any more."""
        return self.dropped

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def _drop(self) -> None:
        entry = self._entries.popleft()
        entry.dropped = True
        entry.keeper = None
        self.bytes -= entry.size
        self.dropped += 1


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
