"""The events of one run, in order, and waiting for more of them."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from mockletta.errors import ApiError
from mockletta.state.clock import Clock


class EventLog:
    """Frames as they go over the wire, each serialised once; whoever reads a run follows its log.

    In a numbered log every event has a number from 1 on, which its `seq_id` shows if it has one:
    the ping, the stop reason, the usage and the end take numbers too [20, 21 starting_after 6].
    """

    def __init__(self, *, numbered: bool) -> None:
        self.frames: list[bytes] = []
        self.finished = False
        self.failure: ApiError | None = None
        self.numbered = numbered
        self.keepalive: float | None = None
        self._waiters: list[asyncio.Future[bool]] = []

    def copy(self) -> "EventLog":
        """A log with the same frames, which nobody follows."""
        other = EventLog(numbered=self.numbered)
        other.frames = self.frames.copy()
        other.finished, other.failure = self.finished, self.failure
        return other

    def extend(self, frames: Iterable[bytes]) -> None:
        if not self.numbered:
            self.frames.extend(frames)
            return
        for frame in frames:
            number = b'"seq_id":%d' % (len(self.frames) + 1)
            self.frames.append(frame.replace(b'"seq_id":null', number, 1))

    def finish(self) -> None:
        self.finished = True
        self.wake()

    def wake(self) -> None:
        """Let everyone who waits look again. Any thread may say so: a test's, say, that resets the
        world while a server's loop waits."""
        waiters, self._waiters = self._waiters, []
        here = _running_loop() if waiters else None
        for waiter in waiters:
            loop = waiter.get_loop()
            if loop is here:
                _wake_up(waiter)
            elif not loop.is_closed():
                loop.call_soon_threadsafe(_wake_up, waiter)

    def joined(self, start: int = 0) -> bytes:
        return b"".join(self.frames[start:] if start else self.frames)

    async def more(self) -> None:
        """Wait for news."""
        with self._waiter() as waiter:
            await waiter

    async def more_within(self, clock: Clock, seconds: float) -> bool:
        """Wait for news; False if there were none in so many seconds of a clock."""
        with self._waiter() as waiter:
            return await clock.wait(waiter, seconds)

    @contextmanager
    def _waiter(self) -> Iterator[asyncio.Future[bool]]:
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        if self.finished:
            # By another thread, after whoever waits had looked: nobody would wake it.
            self.wake()
        try:
            yield waiter
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _wake_up(waiter: asyncio.Future[bool]) -> None:
    if not waiter.done():
        waiter.set_result(True)
