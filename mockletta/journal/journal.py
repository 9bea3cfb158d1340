"""The journal of a world: its newest entries, bounded by number and by bytes."""

from collections import deque
from collections.abc import Iterator

from mockletta.journal.entries import Entry

MOST_ENTRIES = 5_000
MOST_BYTES = 32 * 1024 * 1024


class Journal:
    """Entries in order of arrival; the oldest go when there are too many or they are too big."""

    def __init__(self, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self.most_entries = most_entries
        self.most_bytes = most_bytes
        self._entries: deque[Entry] = deque()
        self._next_number = 1

    def add(self, entry: Entry) -> None:
        """Number an entry and keep it."""
        entry.number = self._next_number
        self._next_number += 1
        self._entries.append(entry)
        if len(self._entries) > self.most_entries:
            self._entries.popleft()

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)
