"""Timers on an event loop that follow a world's clock, also when the clock is changed."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

EXACT = 0.0005
"""Seconds. An event loop's timers cannot measure a shorter wait."""


class WaitTimer:
    """Sets the result of a waiting future to False when its time is over.

    `left` returns the seconds that are left, None while the end is unknown.
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
