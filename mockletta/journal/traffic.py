"""Counts the requests of all worlds of a server, for metrics.

The counts outlive the entries of the journals, which are bounded, and the worlds.
"""

from typing import TYPE_CHECKING

from mockletta.state.event_log import count

if TYPE_CHECKING:
    from mockletta.journal.entries import Entry


class Traffic:
    """What a server has answered: requests by operation and status, and events of streams.

    A request that matches no operation has an empty one. A request whose client left before the
    answer has the status 0. `dropped` counts the entries that journals have dropped. Only the
    server's own thread counts; any thread can read.
    """

    def __init__(self) -> None:
        self.started = 0
        self.ended = 0
        self.events = 0
        self.dropped = 0
        self.requests: dict[tuple[str, int], int] = {}

    @property
    def in_progress(self) -> int:
        """The number of requests that are not completely answered, open streams included."""
        return self.started - self.ended

    def count_end(self, entry: "Entry") -> None:
        """Count a request whose answer is complete."""
        self.ended += 1
        key = entry.operation or "", entry.status or 0
        self.requests[key] = self.requests.get(key, 0) + 1
        for _, events, _ in entry.stream:
            self.events += count(events)
