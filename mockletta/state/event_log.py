"""The events of one run, in order, and waiting for more of them."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import NamedTuple, TypeAlias

from mockletta.errors import ApiError
from mockletta.state.clock import Clock


class Event(NamedTuple):
    """One event: its kind and its JSON.

    The kind is the type of its message; `raw` has any text instead of JSON, `done` has none.
    """

    kind: str
    json: bytes


class Burst(NamedTuple):
    """Events of one kind that differ in one text: their JSON is head, text, tail. There is at least
    one.

    The texts are a tuple, or a list in a log that still adds to them.
    """

    kind: str
    head: bytes
    texts: Sequence[bytes]
    tail: bytes


Events: TypeAlias = Sequence[Event | Burst]
"""Events in order. Events that are emitted at once may be one burst."""


def each(events: Iterable[Event | Burst]) -> Iterator[Event]:
    """Yield the events one by one."""
    for item in events:
        if isinstance(item, Burst):
            for text in item.texts:
                yield Event(item.kind, item.head + text + item.tail)
        else:
            yield item


def part_of(burst: Burst, texts: list[bytes]) -> Burst:
    """Return a burst with only these texts. More are added to the list later."""
    return Burst(burst.kind, burst.head, texts, burst.tail)


def count(events: Iterable[Event | Burst]) -> int:
    """Return the number of events."""
    return sum([len(item.texts) if type(item) is Burst else 1 for item in events])


class Listener(NamedTuple):
    """The function that is called when a log has new events, and its loop."""

    loop: asyncio.AbstractEventLoop
    call: Callable[[], None]


class EventLog:
    """The events of a run as they were emitted. All readers of a run follow its log.

    Events are numbered from 1 on. Those of a `numbered` log show their number if they can: the
    ping, the stop reason, the usage and the end have numbers too [20, 21 starting_after 6]. `count`
    is the number of the newest event. While the events of a burst are emitted one by one, the burst
    is `paced`, and `paced_texts` are the emitted ones. A log can be `finished` for its readers
    before its turn is `over`.
    """

    def __init__(self, *, numbered: bool = False, keepalive: float | None = None) -> None:
        self.events: list[Event | Burst] = []
        self.finished = False
        self.over = False
        self.failure: ApiError | None = None
        self.numbered = numbered
        self.keepalive = keepalive
        self.count = 0
        self.paced: Burst | None = None
        self.paced_texts: list[bytes] = []
        self._listeners: tuple[Listener, ...] = ()

    def __len__(self) -> int:
        return self.count

    @property
    def size(self) -> int:
        """Compute the bytes that the events take."""
        return sum(
            len(item.head) + len(item.tail) + sum(map(len, item.texts))
            if isinstance(item, Burst)
            else len(item.json)
            for item in self.events
        )

    @property
    def next_number(self) -> int | None:
        """The number that the next event shows; None in a log that is not numbered."""
        return self.count + 1 if self.numbered else None

    def copy(self) -> "EventLog":
        """Return a log with the same events and without followers."""
        other = EventLog(numbered=self.numbered)
        other.events, other.count = self.after(0), self.count
        other.finished, other.over, other.failure = self.finished, self.over, self.failure
        return other

    def append(self, item: Event | Burst) -> None:
        """Add events, unless the log is finished for its readers."""
        if self.finished:
            return
        self.paced = None
        self.events.append(item)
        self.count += len(item.texts) if type(item) is Burst else 1

    def append_text(self, burst: Burst, text: bytes) -> None:
        """Add one event of a burst, unless the log is finished for its readers. Its events in a row
        are kept as one burst."""
        if self.finished:
            return
        if burst is self.paced:
            self.paced_texts.append(text)
        else:
            self.paced, self.paced_texts = burst, [text]
            self.events.append(part_of(burst, self.paced_texts))
        self.count += 1

    def after(self, number: int, most: int | None = None) -> list[Event | Burst]:
        """The events after the one with this number, or the first of them."""
        if number <= 0 and not self.paced_texts and most is None:  # paced texts may still grow
            return self.events.copy()
        left = self.count - max(number, 0)
        item, skipped = len(self.events), left
        while skipped > 0:
            item -= 1
            skipped -= _size(self.events[item])
        found: list[Event | Burst] = []
        wanted = left if most is None else min(left, most)
        for one in islice(self.events, item, None):
            if wanted <= 0:
                break
            found.append(_part(one, -skipped, wanted))
            wanted -= _size(found[-1])
            skipped = 0
        return found

    def finish(self) -> None:
        """End the log with its turn."""
        self.over = True
        self.finish_reading()

    def finish_reading(self) -> None:
        """End the log for its readers. Its turn may continue."""
        self.finished = True
        self.wake()

    def wake(self, here: asyncio.AbstractEventLoop | None = None) -> None:
        """Call all listeners. `here` is the running loop, if the caller knows it.

        Any thread may call this, for example a test that resets the world while a server's loop
        waits.
        """
        if not self._listeners:
            return
        here = here or _running_loop()
        for listener in self._listeners:
            if listener.loop is here:
                listener.call()
            elif not listener.loop.is_closed():
                listener.loop.call_soon_threadsafe(listener.call)

    def listen(self, call: Callable[[], None]) -> None:
        """Register a function that is called, on the running loop, when there are more events and
        at the end."""
        self._listeners = (*self._listeners, Listener(asyncio.get_running_loop(), call))
        if self.finished:  # another thread may have finished it after the caller looked
            call()

    def leave(self, call: Callable[[], None]) -> None:
        """Remove a listener."""
        self._listeners = tuple(one for one in self._listeners if one.call != call)

    async def more(self) -> None:
        """Wait for more events, or for the end."""
        with self._waiting() as waiter:
            await waiter

    async def more_within(self, clock: Clock, seconds: float) -> bool:
        """Wait for more events or the end. Return False if so many seconds of the clock pass
        before."""
        with self._waiting() as waiter:
            return await clock.wait(waiter, seconds)

    @contextmanager
    def _waiting(self) -> Iterator[asyncio.Future[bool]]:
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        wake_up = partial(_wake_up, waiter)
        self.listen(wake_up)
        try:
            yield waiter
        finally:
            self.leave(wake_up)


def _part(item: Event | Burst, first: int, most: int) -> Event | Burst:
    """Return the events of an item from a place on, so many at most."""
    if type(item) is Burst:
        return item._replace(texts=tuple(item.texts[first : first + most]))
    return item


def _size(item: Event | Burst) -> int:
    return len(item.texts) if type(item) is Burst else 1


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _wake_up(waiter: asyncio.Future[bool]) -> None:
    if not waiter.done():
        waiter.set_result(True)
