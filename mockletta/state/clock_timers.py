"""Waking whoever waits for a time to come, whatever is done to the clock meanwhile."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

EXACT = 0.0005
"""What is left of a wait, in seconds, that no timer of a loop can tell from nothing."""


class WaitTimer:
    """Gives a waiter the result False once nothing is left to wait.

    `left` says how many seconds are left, None while there is no end in sight.
    """

    def __init__(self, waiter: asyncio.Future[bool], left: Callable[[], float | None]) -> None:
        self._waiter = waiter
        self._left = left
        self._timer: asyncio.TimerHandle | None = None
        self.is_over = False

    def look(self) -> None:
        """Wake the waiter, or look again when it may be time; in the waiter's thread only."""
        self.stop()
        left = self._left()
        if left is None or self._waiter.done():
            return
        if left <= EXACT:
            self._waiter.set_result(False)
        else:
            self._timer = self._waiter.get_loop().call_later(left, self.look)

    def look_soon(self) -> None:
        """Look again, since the clock was changed; in any thread. Nobody waits in a closed loop."""
        with suppress(RuntimeError):
            self._waiter.get_loop().call_soon_threadsafe(self.look)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class ScheduledCall:
    """Calls something once, when nothing is left to wait; `left` as of an alarm's.

    Whoever must not be ahead of it, such as a request that comes after the clock was moved, looks
    first: the loop may not have come to that yet.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        left: Callable[[], float | None],
        ring: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._left = left
        self._ring = ring
        self._timer: asyncio.TimerHandle | None = None
        self.is_over = False

    def look(self) -> None:
        """Ring, or look again when it may be time; in the loop's thread only."""
        self._stop_timer()
        left = None if self.is_over else self._left()
        if left is None:
            return
        if left <= EXACT:
            self.is_over = True
            self._ring()
        else:
            self._timer = self._loop.call_later(left, self.look)

    def look_soon(self) -> None:
        """Look again, since the clock was changed; in any thread."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.look)

    def stop(self) -> None:
        self.is_over = True
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
