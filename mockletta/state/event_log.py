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

    The kind is the type of its message; `raw` has any text instead of JSON, `done` has `[DONE]`.
    """

    kind: str
    json: bytes


class Burst(NamedTuple):
    """Events of one kind that differ in one text: their JSON is head, text, tail. There is at least
    one."""

    kind: str
    head: bytes
    texts: tuple[bytes, ...]
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


def part_of(burst: Burst, start: int, stop: int) -> Burst:
    """Return the events of a burst from one place up to another."""
    return Burst(burst.kind, burst.head, burst.texts[start:stop], burst.tail)


def count(events: Events) -> int:
    """Return the number of events."""
    number = len(events)
    for item in events:
        if type(item) is Burst:
            number += len(item.texts) - 1
    return number


class Listener(NamedTuple):
    """The function that is called when a log has new events, and its loop. If `send` is set, it is
    called with the number of new events of the paced burst instead."""

    loop: asyncio.AbstractEventLoop
    call: Callable[[], None]
    send: Callable[[int], None] | None = None


class EventLog:
    """The events of a run as they were emitted. All readers of a run follow its log.

    Events are numbered from 1 on. Those of a `numbered` log show their number if they can: the
    ping, the stop reason, the usage and the end have numbers too [20, 21 starting_after 6]. While
    the events of a burst are emitted one by one, the burst is `paced` and `paced_count` of them are
    emitted; the newest was due at `paced_at`, in seconds of the world's clock. A log can be
    `finished` for its readers before its turn is `over`.
    """

    __slots__ = (
        "_events",
        "_listeners",
        "_number",
        "_senders",
        "failure",
        "finished",
        "keepalive",
        "numbered",
        "over",
        "paced",
        "paced_at",
        "paced_count",
    )

    def __init__(self, *, numbered: bool = False, keepalive: float | None = None) -> None:
        self._events: list[Event | Burst] = []
        self.finished = False
        self.over = False
        self.failure: ApiError | None = None
        self.numbered = numbered
        self.keepalive = keepalive
        self._number = 0
        self.paced: Burst | None = None
        self.paced_count = 0
        self.paced_at = 0.0
        self._listeners: tuple[Listener, ...] = ()
        self._senders: tuple[Callable[[int], None], ...] = ()

    def __len__(self) -> int:
        return self.count

    @property
    def count(self) -> int:
        """The number of the newest event."""
        return self._number + self.paced_count

    @property
    def events(self) -> list[Event | Burst]:
        """All events. Those of the paced burst are one burst."""
        if self.paced is None or not self.paced_count:
            return self._events
        return [*self._events, part_of(self.paced, 0, self.paced_count)]

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
        other._events, other._number = list(self.events), self.count
        other.finished, other.over, other.failure = self.finished, self.over, self.failure
        return other

    def append(self, item: Event | Burst) -> None:
        """Add events, unless the log is finished for its readers."""
        if self.finished:
            return
        if self.paced is not None:
            self._end_burst()
        self._events.append(item)
        self._number += len(item.texts) if type(item) is Burst else 1

    def emit_next(self, burst: Burst, number: int, at: float) -> None:
        """Add the next events of a burst and pass them on, unless the log is finished for its
        readers. `at` is when the last was due. Call this on the loop of the turn, for one burst
        after the other."""
        if self.finished:
            return
        if burst is not self.paced:
            self._start_burst(burst)
        self.paced_count += number
        self.paced_at = at
        for send in self._senders:
            send(number)
        if len(self._senders) < len(self._listeners):
            for listener in self._listeners:
                if listener.send is None:
                    _call(listener, _running_loop())

    def _start_burst(self, burst: Burst) -> None:
        """Let the listeners read everything before a burst, so that they can take its texts."""
        if self.paced is not None:
            self._end_burst()
        self.paced = burst
        if self._senders:
            self._set_listeners([Listener(one.loop, one.call) for one in self._listeners])
        self.wake()

    def _end_burst(self) -> None:
        self._events, self._number = self.events, self.count
        self.paced, self.paced_count = None, 0

    def after(self, number: int, most: int | None = None) -> list[Event | Burst]:
        """Return the events after the one with this number, or the first of them.

        A finished log can return its own list, which must not be changed.
        """
        if number <= 0 and most is None:
            return self.events if self.finished else list(self.events)
        events, left = self._events, self.count - max(number, 0)
        item, skipped = len(events), left
        if self.paced is not None:
            events, skipped = [*events, self.paced], left - self.paced_count
        while skipped > 0:
            item -= 1
            skipped -= _size(events[item])
        found: list[Event | Burst] = []
        wanted = left if most is None else min(left, most)
        for one in islice(events, item, None):
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

    def wake(self) -> None:
        """Call all listeners.

        Any thread may call this, for example a test that resets the world while a server's loop
        waits.
        """
        if self._listeners:
            here = _running_loop()
            for listener in self._listeners:
                _call(listener, here)

    def listen(self, call: Callable[[], None]) -> None:
        """Register a function that is called, on the running loop, when there are more events and
        at the end."""
        self._set_listeners([*self._listeners, Listener(asyncio.get_running_loop(), call)])
        if self.finished:  # another thread may have finished it after the caller looked
            call()

    def pass_paced(self, call: Callable[[], None], send: Callable[[int], None] | None) -> None:
        """Call `send` for new events of the paced burst from now on, instead of `call`; or `call`
        again. The listener must have read all events, and be on the loop of the turn."""
        self._set_listeners(
            [Listener(one.loop, call, send) if one.call == call else one for one in self._listeners]
        )

    def leave(self, call: Callable[[], None]) -> None:
        """Remove a listener."""
        self._set_listeners([one for one in self._listeners if one.call != call])

    def _set_listeners(self, listeners: list[Listener]) -> None:
        self._listeners = tuple(listeners)
        self._senders = tuple([one.send for one in listeners if one.send is not None])

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
        return part_of(item, first, first + most)
    return item


def _size(item: Event | Burst) -> int:
    return len(item.texts) if type(item) is Burst else 1


def _call(listener: Listener, here: asyncio.AbstractEventLoop | None) -> None:
    if listener.loop is here:
        listener.call()
    elif not listener.loop.is_closed():
        listener.loop.call_soon_threadsafe(listener.call)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _wake_up(waiter: asyncio.Future[bool]) -> None:
    if not waiter.done():
        waiter.set_result(True)
