"""Counts the requests of all worlds of a server, for metrics.

The counts remain when the journals drop entries and when worlds are removed.
"""

from typing import TYPE_CHECKING

from mockletta.state.event_log import count

if TYPE_CHECKING:
    from mockletta.journal.entries import Entry


class Traffic:
    """Counts what a server has answered: requests by operation and status, and events of streams.

    The operation of an unmatched request is empty. The status of a request whose client left before
    the answer is 0. `dropped` counts the entries that journals have dropped. Only the server's own
    thread counts; any thread can read.
    """

    def __init__(self) -> None:
        self.started = 0
        self.ended = 0
        self.events = 0
        self.dropped = 0
        self.requests: dict[tuple[str, int], int] = {}

    @property
    def in_progress(self) -> int:
        """The number of requests without a complete answer, including open streams."""
        return self.started - self.ended

    def count_end(self, entry: "Entry") -> None:
        """Count a request whose answer is complete."""
        self.ended += 1
        key = entry.operation or "", entry.status or 0
        self.requests[key] = self.requests.get(key, 0) + 1
        for part in entry.stream:
            self.events += count(part.events)
