"""Timers on an event loop that follow a world's clock, even if the clock is changed.

One `TimerWheel` is the timer of all paced streams. It treats all work that is due in the same few
milliseconds together.
"""

import asyncio
from bisect import bisect_left
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from heapq import heappop, heappush
from math import ceil, inf
from time import monotonic
from typing import Protocol, TypeAlias

EXACT = 0.0005
"""The shortest wait of an event loop's timers in seconds."""
SLOT = 0.005
"""The length of a slot of the wheel in seconds."""
RESUMED_TOGETHER = 64
"""The paced streams that are resumed together, which takes about a millisecond. After that the loop
can read new requests, since a request that is read late delays its whole reply."""
SHARE = 0.5
"""The time for paced streams as a share of the time for other work, if there is too much of both.
With a larger one, an iteration of the loop could become longer and longer."""

Outbox: TypeAlias = list[Callable[[], None]]
"""The calls that write the frames of streams that were resumed together. There is no other work
between the writes, so that a client of many streams is woken once and not by each frame."""

UNLOCKED = nullcontext()


class WaitTimer:
    """Sets the result of a waiting future to False when its time is over.

    `left` returns the remaining seconds, None while the end is unknown.
    """

    def __init__(self, waiter: asyncio.Future[bool], left: Callable[[], float | None]) -> None:
        self._waiter = waiter
        self._left = left
        self._timer: asyncio.TimerHandle | None = None
        self.is_over = False

    def check(self) -> None:
        """End the wait, or set the next timer. Call it in the waiting future's thread only."""
        self.stop()
        left = self._left()
        if left is None or self._waiter.done():
            return
        if left <= EXACT:
            self._waiter.set_result(False)
        else:
            self._timer = self._waiter.get_loop().call_later(left, self.check)

    def check_soon(self) -> None:
        """Check again after the clock was changed, from any thread. A closed loop is ignored."""
        with suppress(RuntimeError):
            self._waiter.get_loop().call_soon_threadsafe(self.check)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class ScheduledCall:
    """Calls a function once, when its time is over. `left` is as in WaitTimer.

    Code that must not overtake the call, such as a request after the clock was moved, checks it
    first: the loop may not have run it yet.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        left: Callable[[], float | None],
        callback: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._left = left
        self._callback = callback
        self._timer: asyncio.TimerHandle | None = None
        self.is_over = False

    def check(self) -> None:
        """Call the function, or set the next timer. Call it in the loop's thread only."""
        self._stop_timer()
        left = None if self.is_over else self._left()
        if left is None:
            return
        if left <= EXACT:
            self.is_over = True
            self._callback()
        else:
            self._timer = self._loop.call_later(left, self.check)

    def check_soon(self) -> None:
        """Check again after the clock was changed, from any thread."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.check)

    def stop(self) -> None:
        self.is_over = True
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Paced(Protocol):
    """Something that pauses by a clock, such as a stream."""

    @property
    def is_over(self) -> bool:
        """Whether it no longer waits."""
        ...

    def resume(self, now: float) -> float | None:
        """Do everything that is due, and return when to resume; None at the end.

        Once `now` is infinite, everything is due.
        """
        ...


class Lateness:
    """How late paced streams were resumed, in seconds: `counts` has a number for each of BOUNDS and
    one for everything above, `total` is the sum."""

    BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

    def __init__(self) -> None:
        self.counts = [0] * (len(self.BOUNDS) + 1)
        self.total = 0.0

    def add(self, seconds: float, number: int) -> None:
        """Count so many streams that were late by the same time."""
        self.counts[bisect_left(self.BOUNDS, seconds)] += number
        self.total += seconds * number


class TimerWheel:
    """Resumes paced streams in time, in one event loop.

    `elapsed` returns the seconds of a clock; if they are infinite, nothing waits. `is_frozen` says
    whether the clock is frozen. Their `lateness` is counted, if that is given. `lock` is held while
    streams are resumed. What they put into the `outbox` is called soon afterwards.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        elapsed: Callable[[], float],
        is_frozen: Callable[[], bool] = bool,
        lateness: Lateness | None = None,
        lock: AbstractContextManager[object] = UNLOCKED,
    ) -> None:
        self.loop = loop
        self._elapsed = elapsed
        self._is_frozen = is_frozen
        self._lateness = lateness
        self._lock = lock
        self.outbox: Outbox = []
        self._slots: dict[int, list[Paced]] = {}
        self._order: list[int] = []
        self._timer: asyncio.TimerHandle | None = None
        self._checked_at = monotonic()

    @property
    def waiting(self) -> int:
        """The number of waiting streams."""
        return sum(not one.is_over for slot in list(self._slots.values()) for one in slot)

    def add(self, paced: Paced, due: float) -> None:
        """Resume a stream when it is due; in the loop's thread only."""
        is_first = self._put(paced, due)
        if is_first:
            self._set_timer()

    def check(self) -> None:
        """Resume what is due, or a part of it, and the rest after other work of the loop.

        It takes SHARE of the time that the loop took for other work since the last call, and at
        least that for RESUMED_TOGETHER streams. If the clock is frozen, resume everything. Call
        this in the loop's thread only.
        """
        now, started = self._elapsed(), monotonic()
        until = started + SHARE * (started - self._checked_at) if now < inf else inf
        with self._lock:
            while self._order and self._order[0] * SLOT <= now:
                self._resume_first(now)
                self._empty_outbox()
                if monotonic() >= until:
                    break
        self._checked_at = monotonic()
        self._set_timer()

    def _resume_first(self, now: float) -> None:
        """Resume streams of the first slot, RESUMED_TOGETHER at most."""
        slots, slot = self._slots, self._order[0]
        streams = slots[slot]
        if len(streams) > RESUMED_TOGETHER:
            streams, slots[slot] = streams[:RESUMED_TOGETHER], streams[RESUMED_TOGETHER:]
        else:
            slots.pop(heappop(self._order))
        if self._lateness is not None and now < inf:
            self._lateness.add(now - slot * SLOT, len(streams))
        for paced in streams:
            due = paced.resume(now)
            if due is None:
                continue
            entered = slots.get(ceil(due / SLOT))
            if entered is None:
                self._put(paced, due)
            else:
                entered.append(paced)

    def _empty_outbox(self) -> None:
        for write in self.outbox:
            write()
        self.outbox.clear()

    def check_soon(self) -> None:
        """Check again, since the clock was changed; in any thread."""
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.check)

    def _put(self, paced: Paced, due: float) -> bool:
        """Put a stream into its slot. Return True if that is the first slot now."""
        slot = ceil(due / SLOT)
        entered = self._slots.get(slot)
        if entered is not None:
            entered.append(paced)
            return False
        self._slots[slot] = [paced]
        heappush(self._order, slot)
        return self._order[0] == slot

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._order and not self._is_frozen():
            left = self._order[0] * SLOT - self._elapsed()
            self._timer = self.loop.call_later(max(left, 0.0), self.check)
