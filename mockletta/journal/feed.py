"""The feed: events of all worlds, for clients that watch.

Events are numbered from 1 and kept in a ring that is bounded in bytes. A watcher that returns with
the number of its newest event misses nothing and sees nothing twice. A watcher only holds a place
in the ring: a slow one costs no memory, and learns how many events it missed. Nothing is recorded
while nobody watches.
"""

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from enum import IntEnum
from itertools import takewhile
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

MOST_BYTES = 4 * 1024 * 1024
SECONDS_KEPT = 60.0
"""Seconds for which events are recorded after the last watcher left, so that it can return."""
HEARTBEAT = 15.0
"""Seconds of silence before a heartbeat, which also detects that a watcher has left."""


class FeedEvent(NamedTuple):
    """An event of the feed: its number, its kind, the world it is about and its data as JSON."""

    number: int
    kind: str
    facts: Mapping[str, Any]
    data: bytes

    @property
    def size(self) -> int:
        """The bytes that count towards the limit."""
        return len(self.data) + 200


class WatchLevel(IntEnum):
    """The events that watchers want. Each level includes the ones before it."""

    NOTHING = 0
    PROBLEMS = 1
    REQUESTS = 2
    EVERYTHING = 3


class Wakeable(Protocol):
    """A watcher that is woken when there are new events. Any thread may call it."""

    def wake(self) -> None: ...


class Feed:
    """Events of all worlds of a server. Any thread may publish; watchers run on the server's loop.

    `interest` is the level of the present watchers, or of those that left a moment ago: nothing
    else is published. `server` identifies this server, since the numbers of another server mean
    nothing here.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.newest = 0
        self.server = uuid4().hex[:12]
        self._events: deque[FeedEvent] = deque()
        self._wakers: dict[Wakeable, WatchLevel] = {}
        self.interest = WatchLevel.NOTHING
        self._until = 0.0
        self._lock = threading.Lock()

    def publish(self, kind: str, facts: Mapping[str, Any]) -> None:
        """Record an event and wake the watchers. Callers check `interest` first."""
        data = json.dumps(facts, separators=(",", ":"), ensure_ascii=True).encode()
        with self._lock:
            self.newest += 1
            event = FeedEvent(self.newest, kind, facts, data)
            self._events.append(event)
            self.bytes += event.size
            while self.bytes > self.most_bytes and len(self._events) > 1:
                self.bytes -= self._events.popleft().size
            wakers = list(self._wakers)
            if time.monotonic() >= self._until:
                self.interest = max(self._wakers.values(), default=WatchLevel.NOTHING)
        for waker in wakers:
            waker.wake()

    def after(self, number: int) -> list[FeedEvent]:
        """Return the kept events after a number."""
        with self._lock:
            newer = takewhile(lambda event: event.number > number, reversed(self._events))
            return list(newer)[::-1]

    def join(self, watcher: Wakeable, interest: WatchLevel = WatchLevel.EVERYTHING) -> None:
        """Wake a watcher whenever there are new events, until it leaves. It may receive more than
        it wants if others want more."""
        with self._lock:
            self._wakers[watcher] = interest
            self.interest = max(self.interest, interest)

    def leave(self, watcher: Wakeable) -> None:
        """Stop waking a watcher. Events are recorded for a moment longer, so that it can return."""
        with self._lock:
            self._wakers.pop(watcher, None)
            self._until = time.monotonic() + SECONDS_KEPT

    async def follow(self, number: int | None) -> AsyncIterator[FeedEvent | None]:
        """Yield the events after a number, or from now on; None is a heartbeat. A gap in the
        numbers means that events were missed."""
        waker = Waker()
        seen = self.newest if number is None else number
        self.join(waker)
        try:
            while True:
                events = self.after(seen)
                for event in events:
                    yield event
                    seen = event.number
                if not events and not await waker.wait(HEARTBEAT):
                    yield None
        finally:
            self.leave(waker)


class Waker:
    """Wakes one watcher from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._called = False

    def wake(self) -> None:
        """Make the watcher look again."""
        if not self._called:
            self._called = True
            self._loop.call_soon_threadsafe(self._news.set)

    async def wait(self, seconds: float) -> bool:
        """Wait for new events. Return False if there are none within so many seconds."""
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            self._called = False
            self._news.clear()
        return True
