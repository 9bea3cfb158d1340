"""One timer for many paced streams: what is due in the same few milliseconds is due together."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from heapq import heappop, heappush
from math import ceil
from typing import Protocol

SLOT = 0.005
"""How long a slot of the wheel is, in seconds."""


class Paced(Protocol):
    """Something that pauses by a clock, such as a stream."""

    @property
    def is_over(self) -> bool:
        """Whether it waits no more."""
        ...

    def resume(self, now: float) -> float | None:
        """Do everything that is due, and return when to resume; None at the end.

        Once `now` is infinite, everything is due.
        """
        ...


class TimerWheel:
    """Resumes things in time, in one event loop. `elapsed` returns the seconds of a clock; if they
    are infinite, nothing waits. `stands` tells whether they do not increase by themselves.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        elapsed: Callable[[], float],
        stands: Callable[[], bool] = bool,
    ) -> None:
        self.loop = loop
        self._elapsed = elapsed
        self._stands = stands
        self._slots: dict[int, list[Paced]] = {}
        self._order: list[int] = []
        self._timer: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """How many things wait."""
        return sum(not one.is_over for slot in list(self._slots.values()) for one in slot)

    def add(self, paced: Paced, due: float) -> None:
        """Resume something when it is due; in the loop's thread only."""
        is_first = self._put(paced, due)
        if is_first:
            self._set_timer()

    def check(self) -> None:
        """Resume everything that is due; in the loop's thread only."""
        now = self._elapsed()
        while self._order and self._order[0] * SLOT <= now:
            for paced in self._slots.pop(heappop(self._order)):
                due = paced.resume(now)
                if due is not None:
                    self._put(paced, due)
        self._set_timer()

    def check_soon(self) -> None:
        """Check again, since the clock was changed; in any thread."""
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.check)

    def _put(self, paced: Paced, due: float) -> bool:
        """Put something into its slot; True if that is the first one now."""
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
        if self._order and not self._stands():
            left = self._order[0] * SLOT - self._elapsed()
            self._timer = self.loop.call_later(max(left, 0.0), self.check)
