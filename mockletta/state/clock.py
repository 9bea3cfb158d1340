"""The clock a world goes by: real, frozen, or moved by a test."""

import asyncio
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeGuard

from mockletta.state.clock_timers import ScheduledCall, WaitTimer

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
LONGEST_TICK = 86_400.0
NOW = "now"


class Clock:
    """Time in UTC, with microseconds: real, or frozen from the start at a time. For any thread.

    A real clock can be moved on and set, and runs on from there. A frozen one stands still: each
    reading adds `tick` seconds, pauses take no time, and nobody waits in vain. Time runs backwards
    only where `freeze` and `set` are told an earlier time. Times are datetimes or ISO 8601 texts,
    in UTC if they name no zone; "now" is the time of this machine. What cannot be is a ValueError
    and changes nothing.
    """

    def __init__(self, frozen_at: datetime | str | None = None, *, tick: float = 0.0) -> None:
        self._lock = threading.RLock()
        self._alarms: set[WaitTimer | ScheduledCall] = set()
        self._tick = _tick_of(tick)
        self._shift = timedelta()
        self._latest = EARLIEST
        self._stands: datetime | None = None
        self._gone = 0.0
        self._since: float | None = time.monotonic()
        if frozen_at is not None:
            self.freeze(frozen_at)

    def now(self) -> datetime:
        """The time; in a frozen clock the next reading is a tick later."""
        if self._stands is None:
            return self._running()
        with self._lock:
            now = self.peek()
            self._stands = min(now + self._tick, LATEST)
            return now

    def peek(self) -> datetime:
        """The time, without a tick: what is only looked at changes nothing."""
        return self._stands or self._running()

    @property
    def frozen(self) -> bool:
        return self._stands is not None

    @property
    def waiting(self) -> int:
        """How many wait by this clock now: pauses of replies, readers of silent streams, and what
        is scheduled in a world."""
        with self._lock:
            return sum(not one.is_over for one in self._alarms)

    @property
    def tick(self) -> float:
        """Seconds that each reading adds in a frozen clock; none by default."""
        return self._tick.total_seconds()

    @tick.setter
    def tick(self, seconds: float) -> None:
        self._tick = _tick_of(seconds)

    def freeze(self, at: datetime | str | None = None) -> None:
        """Stand still at a time, or where the clock is. Pauses under way are over at once."""
        moment = None if at is None else moment_of(at)
        with self._changing():
            stands = moment or self.peek()
            self._go(stands)
            self._gone, self._since = self._elapsed(), None
            self._stands = stands

    def resume(self) -> None:
        """Run on from where the clock stands; `set("now")` leads back to the real time."""
        with self._changing():
            if self._stands is not None:
                at, self._stands = self._stands, None
                self._since = time.monotonic()
                self._show(at)

    def advance(self, by: float | timedelta) -> None:
        """Move on by so many seconds, also for those that wait; frozen or not as before."""
        step = _step_of(by)
        with self._changing():
            now = self.peek()
            if step > LATEST - now:
                raise ValueError(f"expected a step that ends before {LATEST:%Y}, received {by!r}")
            self._go(now + step)

    def set(self, at: datetime | str) -> None:
        """Go to a time, also an earlier one; frozen or not as before."""
        moment = moment_of(at)
        with self._changing():
            self._go(moment)

    def copy(self) -> "Clock":
        """A clock of its own that shows the same time; nobody waits by it yet."""
        copy = Clock()
        copy.become(self)
        return copy

    def become(self, other: "Clock") -> None:
        """Show what another clock shows, and go on by oneself. Pauses under way go on from where
        they are; they are over at once if time stands still now."""
        with other._lock:  # noqa: SLF001 - a clock may look into another
            tick, shift = other._tick, other._shift  # noqa: SLF001
            latest, stands = other._latest, other._stands  # noqa: SLF001
        with self._changing():
            self._gone = self._elapsed()
            self._since = time.monotonic() if stands is None else None
            self._tick, self._shift, self._latest, self._stands = tick, shift, latest, stands

    async def sleep(self, seconds: float) -> None:
        """Let so many seconds pass; none while the clock is frozen."""
        if seconds <= 0 or self.frozen:
            await asyncio.sleep(0)
            return
        due = self._elapsed() + seconds
        waiter = asyncio.get_running_loop().create_future()
        await self._rung(waiter, lambda: 0.0 if self.frozen else due - self._elapsed())

    async def wait(self, waiter: asyncio.Future[bool], seconds: float) -> bool:
        """A future's result, or False if it has none within so many seconds of this clock."""
        due = self._elapsed() + seconds
        return await self._rung(waiter, lambda: self._left(due))

    def appoint(self, moment: datetime, ring: Callable[[], None]) -> ScheduledCall:
        """Have something called on the running loop when the clock shows a time, not before the
        loop comes to it anew."""
        loop = asyncio.get_running_loop()
        appointment = ScheduledCall(loop, lambda: self._until(moment), ring)
        with self._lock:
            self._alarms = {one for one in self._alarms if not one.is_over} | {appointment}
        loop.call_soon(appointment.look)
        return appointment

    async def _rung(self, waiter: asyncio.Future[bool], left: Callable[[], float | None]) -> bool:
        alarm = WaitTimer(waiter, left)
        with self._lock:
            self._alarms.add(alarm)
        alarm.look()
        try:
            if waiter.done():
                await asyncio.sleep(0)  # a done future would not let others go on
            return await waiter
        finally:
            alarm.stop()
            with self._lock:
                self._alarms.discard(alarm)

    def _left(self, due: float) -> float | None:
        left = due - self._elapsed()
        return None if self.frozen and left > 0 else left

    def _until(self, moment: datetime) -> float | None:
        """Seconds up to a time, of which no more than a day is told: timers have their limits."""
        left = (moment - self.peek()).total_seconds()
        return None if self.frozen and left > 0 else min(left, LONGEST_TICK)

    def _elapsed(self) -> float:
        """Seconds gone by for those that wait: real ones, and those the clock was moved on by."""
        with self._lock:
            running = 0.0 if self._since is None else time.monotonic() - self._since
            return self._gone + running

    def _running(self) -> datetime:
        now = datetime.now(UTC)
        if self._shift:
            now += self._shift
        self._latest = max(self._latest, now)
        return self._latest

    def _go(self, at: datetime) -> None:
        self._gone += max((at - self.peek()).total_seconds(), 0.0)
        self._show(at)

    def _show(self, at: datetime) -> None:
        self._latest = at
        self._shift = at - datetime.now(UTC)
        if self._stands is not None:
            self._stands = at

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            yield
            alarms = list(self._alarms)
        for alarm in alarms:
            alarm.look_soon()


def moment_of(at: datetime | str) -> datetime:
    """A time as a test author says it, in UTC; ValueError if it is none."""
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
    seconds = by.total_seconds() if isinstance(by, timedelta) else by
    if not _is_amount(seconds):
        raise ValueError(
            f"expected a step of no less than 0 seconds, received {by!r}; set() goes back in time"
        )
    longest = (LATEST - EARLIEST).total_seconds()
    return timedelta(seconds=min(seconds, longest + 1))


def _tick_of(seconds: object) -> timedelta:
    if not _is_amount(seconds) or seconds > LONGEST_TICK:
        raise ValueError(
            f"expected a tick from 0 to {LONGEST_TICK:.0f} seconds, received {seconds!r}"
        )
    return timedelta(seconds=seconds)


def _is_amount(value: object) -> TypeGuard[float]:
    """Whether a value is a number of seconds that can go by."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value < math.inf


def spell_date(moment: datetime) -> str:
    """A message's `date`: whole seconds and an offset [10 plain text]."""
    return moment.isoformat(timespec="seconds")
