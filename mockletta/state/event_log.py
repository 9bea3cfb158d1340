"""The events of one run, in order, and waiting for more of them."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

from mockletta.errors import ApiError
from mockletta.state.clock import Clock


class Event(NamedTuple):
    """One event: its kind and its JSON.

    The kind is the type of the message it has; `raw` has any text instead of JSON, `done` has none.
    """

    kind: str
    json: bytes


class Burst(NamedTuple):
    """Events of one kind that come at once and differ in one text: their JSON is head, text, tail.

    There is at least one.
    """

    kind: str
    head: bytes
    texts: Sequence[bytes]
    tail: bytes


Events: TypeAlias = Sequence[Event | Burst]
"""Events in order; what comes at once may stand together."""


def each(events: Iterable[Event | Burst]) -> Iterator[Event]:
    """The events one by one."""
    for item in events:
        if isinstance(item, Burst):
            for text in item.texts:
                yield Event(item.kind, item.head + text + item.tail)
        else:
            yield item


def count(events: Iterable[Event | Burst]) -> int:
    """How many events there are."""
    return sum(map(_size, events))


class EventLog:
    """The events of a run as they were emitted; everyone who reads a run follows its log.

    Events are numbered from 1 on. Those of a `numbered` log show their number if they can: the
    ping, the stop reason, the usage and the end have numbers too [20, 21 starting_after 6]. A log
    can be `finished` for its readers before its turn is `over`.
    """

    def __init__(self, *, numbered: bool = False, keepalive: float | None = None) -> None:
        self.events: list[Event | Burst] = []
        self.finished = False
        self.over = False
        self.failure: ApiError | None = None
        self.numbered = numbered
        self.keepalive = keepalive
        self._count = 0
        self._waiters: list[asyncio.Future[bool]] = []

    def __len__(self) -> int:
        """How many events there are: the number of the newest."""
        return self._count

    @property
    def next_number(self) -> int | None:
        """The number that the next event shows; None in a log that is not numbered."""
        return self._count + 1 if self.numbered else None

    def copy(self) -> "EventLog":
        """A log with the same events, which nobody follows."""
        other = EventLog(numbered=self.numbered)
        other.events, other._count = self.events.copy(), self._count
        other.finished, other.over, other.failure = self.finished, self.over, self.failure
        return other

    def append(self, item: Event | Burst) -> None:
        """Add events, unless the log is finished for its readers."""
        if self.finished:
            return
        self.events.append(item)
        self._count += _size(item)

    def after(self, number: int) -> list[Event | Burst]:
        """The events after the one with this number."""
        if number <= 0:
            return self.events.copy()
        left = self._count - number
        found: list[Event | Burst] = []
        for item in reversed(self.events):
            if left <= 0:
                break
            size = _size(item)
            if isinstance(item, Burst) and size > left:
                item = item._replace(texts=item.texts[-left:])  # noqa: PLW2901 - its end
            found.append(item)
            left -= size
        return found[::-1]

    def finish(self) -> None:
        """End the log with its turn."""
        self.over = True
        self.finish_reading()

    def finish_reading(self) -> None:
        """End the log for its readers; its turn may go on."""
        self.finished = True
        self.wake()

    def wake(self) -> None:
        """Wake everyone who waits for more. Any thread may call this, such as a test that resets
        the world while a server's loop waits."""
        waiters, self._waiters = self._waiters, []
        here = _running_loop() if waiters else None
        for waiter in waiters:
            loop = waiter.get_loop()
            if loop is here:
                _wake_up(waiter)
            elif not loop.is_closed():
                loop.call_soon_threadsafe(_wake_up, waiter)

    async def more(self) -> None:
        """Wait for more events, or for the end."""
        with self._waiter() as waiter:
            await waiter

    async def more_within(self, clock: Clock, seconds: float) -> bool:
        """Wait for more events or the end; False if so many seconds of the clock pass before."""
        with self._waiter() as waiter:
            return await clock.wait(waiter, seconds)

    @contextmanager
    def _waiter(self) -> Iterator[asyncio.Future[bool]]:
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        if self.finished:
            # Another thread may have finished the log after the caller looked.
            self.wake()
        try:
            yield waiter
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)


def _size(item: Event | Burst) -> int:
    return len(item.texts) if isinstance(item, Burst) else 1


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _wake_up(waiter: asyncio.Future[bool]) -> None:
    if not waiter.done():
        waiter.set_result(True)
