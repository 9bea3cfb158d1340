"""The clock of a world: it can run, be frozen, or be moved by a test."""

import asyncio
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from operator import attrgetter
from zoneinfo import ZoneInfo, available_timezones

from mockletta.documents.durations import seconds_of
from mockletta.state.timers import (
    UNLOCKED,
    Lateness,
    Outbox,
    Paced,
    ScheduledCall,
    TimerWheel,
    WaitTimer,
)

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
LONGEST_TICK = 86_400.0
NOW = "now"
_second_of = attrgetter("year", "month", "day", "hour", "minute", "second")


class Clock:
    """UTC time with microseconds, running or frozen. Safe to use from any thread.

    A running clock can be advanced and set; it continues from there. A frozen clock does not run:
    each reading adds `tick` seconds, pauses take no time, and waits end at once. Only `freeze` and
    `set` with an earlier time turn the clock back.

    Times are datetimes or ISO 8601 texts, in UTC if they name no zone; "now" is the time of this
    machine. Raises ValueError for an invalid time or amount and then changes nothing. `lateness` is
    that of paced streams, which are resumed while `lock_of_world` is held.
    """

    def __init__(self, frozen_at: datetime | str | None = None, *, tick: float = 0.0) -> None:
        self._lock = threading.RLock()
        self._timers: set[WaitTimer | ScheduledCall] = set()
        self._wheels: dict[tuple[asyncio.AbstractEventLoop, bool], TimerWheel] = {}
        self.lateness = Lateness()
        self.lock_of_world: AbstractContextManager[object] = UNLOCKED
        self._tick = _tick_of(tick)
        self._shift = timedelta()
        self._latest = EARLIEST
        self._frozen_at: datetime | None = None
        self._base: tuple[float, float | None] = (0.0, time.monotonic())
        if frozen_at is not None:
            self.freeze(frozen_at)

    def now(self) -> datetime:
        """Return the time. Each reading of a frozen clock adds one tick."""
        if self._frozen_at is None:
            return self.peek()
        with self._lock:
            now = self.peek()
            self._frozen_at = min(now + self._tick, LATEST)
            return now

    def peek(self) -> datetime:
        """Return the time without adding a tick."""
        frozen_at = self._frozen_at
        if frozen_at is not None:
            return frozen_at
        now = datetime.now(UTC)
        if self._shift:
            now += self._shift
        if now < self._latest:
            return self._latest
        self._latest = now
        return now

    @property
    def frozen(self) -> bool:
        return self._frozen_at is not None

    @property
    def waiting(self) -> int:
        """The number of pending waits: pauses of replies, readers of silent streams, and scheduled
        calls of a world."""
        with self._lock:
            alone = sum(not one.is_over for one in self._timers)
            return alone + sum(wheel.waiting for wheel in self._wheels.values())

    @property
    def tick(self) -> float:
        """The seconds that each reading of a frozen clock adds; 0 by default."""
        return self._tick.total_seconds()

    @tick.setter
    def tick(self, seconds: float) -> None:
        self._tick = _tick_of(seconds)

    def freeze(self, at: datetime | str | None = None) -> None:
        """Freeze the clock at a time, or at the present one. Pending pauses end at once."""
        moment = None if at is None else moment_of(at)
        with self._changing():
            frozen_at = moment or self.peek()
            self._go(frozen_at)
            self._base = (self.elapsed(), None)
            self._frozen_at = frozen_at

    def resume(self) -> None:
        """Let the clock run again. `set("now")` sets it back to the real time."""
        with self._changing():
            if self._frozen_at is not None:
                at, self._frozen_at = self._frozen_at, None
                self._base = (self.elapsed(), time.monotonic())
                self._show(at)

    def advance(self, by: float | str | timedelta) -> None:
        """Advance the clock by a duration, for pending waits too. A frozen clock stays frozen."""
        step = _step_of(by)
        with self._changing():
            now = self.peek()
            if step > LATEST - now:
                raise ValueError(f"expected a step that ends before {LATEST:%Y}, received {by!r}")
            self._go(now + step)

    def set(self, at: datetime | str) -> None:
        """Set the clock to a time, which may be earlier. A frozen clock stays frozen."""
        moment = moment_of(at)
        with self._changing():
            self._go(moment)

    def copy(self) -> "Clock":
        """Return another clock with the same time and no pending waits."""
        copy = Clock()
        copy.take_over(self)
        return copy

    def take_over(self, other: "Clock") -> None:
        """Take over the time of another clock. Pending pauses continue; they end at once if the
        other clock is frozen.
        """
        with other._lock:  # noqa: SLF001 - both are clocks
            tick, shift = other._tick, other._shift  # noqa: SLF001
            latest, frozen_at = other._latest, other._frozen_at  # noqa: SLF001
        with self._changing():
            self._base = (self.elapsed(), time.monotonic() if frozen_at is None else None)
            self._tick, self._shift, self._latest, self._frozen_at = tick, shift, latest, frozen_at

    async def sleep(self, seconds: float) -> None:
        """Wait some seconds. While the clock is frozen, do not wait."""
        if seconds <= 0 or self.frozen:
            await asyncio.sleep(0)
            return
        due = self.elapsed() + seconds
        waiter = asyncio.get_running_loop().create_future()
        await self._rung(waiter, lambda: 0.0 if self.frozen else due - self.elapsed())

    async def wait(self, waiter: asyncio.Future[bool], seconds: float) -> bool:
        """Return a future's result, or False if there is none within some seconds of this clock."""
        due = self.elapsed() + seconds
        return await self._rung(waiter, lambda: self._left(due))

    def pace(self, paced: Paced, due: float) -> None:
        """Resume something, on the running loop, when so many seconds have elapsed.

        All work that is due in the same few milliseconds shares a timer. Everything is due while
        the clock is frozen.
        """
        self._wheel(asyncio.get_running_loop(), pauses=True).add(paced, due)

    def watch(self, paced: Paced, due: float) -> None:
        """Resume something like `pace`, but never while the clock is frozen."""
        self._wheel(asyncio.get_running_loop(), pauses=False).add(paced, due)

    def outbox(self) -> Outbox:
        """Return the outbox of what `pace` resumes on the running loop."""
        return self._wheel(asyncio.get_running_loop(), pauses=True).outbox

    def _wheel(self, loop: asyncio.AbstractEventLoop, *, pauses: bool) -> TimerWheel:
        wheel = self._wheels.get((loop, pauses))
        if wheel is None:
            with self._lock:
                wheel = (
                    TimerWheel(
                        loop,
                        self._elapsed_for_pauses,
                        lateness=self.lateness,
                        lock=self.lock_of_world,
                    )
                    if pauses
                    else TimerWheel(loop, self.elapsed, lambda: self.frozen)
                )
                open_ones = {key: w for key, w in self._wheels.items() if not w.loop.is_closed()}
                self._wheels = {**open_ones, (loop, pauses): wheel}
        return wheel

    def _elapsed_for_pauses(self) -> float:
        return math.inf if self.frozen else self.elapsed()

    def schedule(self, moment: datetime, callback: Callable[[], None]) -> ScheduledCall:
        """Schedule a call on the running loop for a time of this clock. It never runs before the
        loop's next iteration.
        """
        loop = asyncio.get_running_loop()
        call = ScheduledCall(loop, lambda: self._until(moment), callback)
        with self._lock:
            self._timers = {one for one in self._timers if not one.is_over} | {call}
        loop.call_soon(call.check)
        return call

    async def _rung(self, waiter: asyncio.Future[bool], left: Callable[[], float | None]) -> bool:
        timer = WaitTimer(waiter, left)
        with self._lock:
            self._timers.add(timer)
        timer.check()
        try:
            if waiter.done():
                await asyncio.sleep(0)  # a future that is done would not yield to other tasks
            return await waiter
        finally:
            timer.stop()
            with self._lock:
                self._timers.discard(timer)

    def _left(self, due: float) -> float | None:
        left = due - self.elapsed()
        return None if self.frozen and left > 0 else left

    def _until(self, moment: datetime) -> float | None:
        """Return the seconds until a time, at most a day, since a loop's timers have a limit."""
        left = (moment - self.peek()).total_seconds()
        return None if self.frozen and left > 0 else min(left, LONGEST_TICK)

    def elapsed(self) -> float:
        """Return the seconds that passed for pending waits: real ones, and those by which the clock
        was advanced."""
        gone, since = self._base
        return gone if since is None else gone + time.monotonic() - since

    def _go(self, at: datetime) -> None:
        gone, since = self._base
        self._base = (gone + max((at - self.peek()).total_seconds(), 0.0), since)
        self._show(at)

    def _show(self, at: datetime) -> None:
        self._latest = at
        self._shift = at - datetime.now(UTC)
        if self._frozen_at is not None:
            self._frozen_at = at

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            yield
            timers = [*self._timers, *self._wheels.values()]
        for timer in timers:
            timer.check_soon()


def moment_of(at: datetime | str) -> datetime:
    """Parse a time of a test author, in UTC. Raises ValueError if it is not a time."""
    moment = _read(at)
    if moment is None:
        raise ValueError(
            f"expected a time such as '2026-01-01T00:00:00Z', a datetime or 'now', received {at!r}"
        )
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not EARLIEST <= moment <= LATEST:
        raise ValueError(f"expected a time from {EARLIEST:%Y} to {LATEST:%Y}, received {at!r}")
    return moment.astimezone(UTC)


def _read(at: object) -> datetime | None:
    if at == NOW:
        return datetime.now(UTC)
    if isinstance(at, str):
        try:
            return datetime.fromisoformat(at.strip())
        except ValueError:
            return None
    return at if isinstance(at, datetime) else None


def _step_of(by: object) -> timedelta:
    seconds = seconds_of(by.total_seconds() if isinstance(by, timedelta) else by)
    if seconds < 0:
        raise ValueError(
            f"expected a step of no less than 0 seconds, received {by!r}; set() goes back in time"
        )
    longest = (LATEST - EARLIEST).total_seconds()
    return timedelta(seconds=min(seconds, longest + 1))


def _tick_of(seconds: object) -> timedelta:
    tick = _amount(seconds)
    if tick is None or tick > LONGEST_TICK:
        raise ValueError(
            f"expected a tick from 0 to {LONGEST_TICK:.0f} seconds, received {seconds!r}"
        )
    return timedelta(seconds=tick)


def _amount(value: object) -> float | None:
    """Return the seconds of a duration by which a clock can be advanced; None for anything else."""
    try:
        seconds = seconds_of(value)
    except ValueError:
        return None
    return seconds if seconds >= 0 else None


def spell_date(moment: datetime) -> str:
    """Format a message's `date`: whole seconds and an offset [10 plain text]."""
    if moment.tzinfo is not UTC:
        return moment.isoformat(timespec="seconds")
    return _spell_second(_second_of(moment))


@lru_cache(64)
def _spell_second(parts: tuple[int, int, int, int, int, int]) -> str:
    """Format a second in UTC. The messages of a second share the text."""
    return datetime(*parts, tzinfo=UTC).isoformat()


def time_zone(name: str | None) -> ZoneInfo:
    """Return a time zone by its name in any case; UTC without one. Raises KeyError if it is
    unknown."""
    try:
        return ZoneInfo(name or "UTC")
    except (OSError, ValueError, KeyError):
        return ZoneInfo(_zones()[(name or "").lower()])


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}
