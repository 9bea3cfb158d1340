"""Streams that follow the log of a run: its events as they come, and pings during silence."""

import asyncio
from collections.abc import AsyncIterator

from mockletta.http.streaming import EventSink
from mockletta.state.event_log import EventLog, Events
from mockletta.turns.events import ping_event
from mockletta.world.world import World

SHORTEST_WAIT = 0.001
"""Seconds to wait at least before looking again whether a client needs a ping."""


class LogFollower:
    """Follows a log from a number on. With `pings`, it sends one after each `keepalive` seconds of
    silence by the world's clock. The log's keepalive takes precedence over the world's."""

    def __init__(
        self, world: World, run_id: str, log: EventLog, *, after: int = 0, pings: bool = True
    ) -> None:
        self._world = world
        self._run_id = run_id
        self._log = log
        self._sent = max(after, 0)
        self._pings = pings

    async def pull(self) -> AsyncIterator[Events]:
        """Yield the events as they come."""
        log = self._log
        while True:
            if self._sent < len(log):
                yield self._take()
            elif log.finished:
                return
            elif not self._pings:
                await log.more()
            elif not await log.more_within(self._world.clock, self._keepalive):
                yield self._ping()

    async def push(self, sink: EventSink) -> None:
        """Send the events to a sink as soon as they are logged, until the end or until the sink is
        closed. They wait while the sink is not ready."""
        log, elapsed = self._log, self._world.clock.elapsed
        last = elapsed()
        waiter = self._new_waiter()

        def look() -> None:
            nonlocal last
            is_ready = sink.is_ready
            if is_ready and self._sent < len(log):
                last = elapsed()
                sink.send(self._take())
            is_over = log.finished and self._sent >= len(log)
            if (is_over or (not is_ready and sink.is_closed)) and not waiter.done():
                waiter.set_result(True)

        sink.when_changed(look)
        with log.listening(look):
            look()
            while not await self._over_within(waiter, last):
                waiter = self._new_waiter()
                if sink.is_ready and self._silence_since(last) >= self._keepalive:
                    last = elapsed()
                    sink.send(self._ping())
                look()

    async def _over_within(self, waiter: asyncio.Future[bool], last: float) -> bool:
        """Wait for the end. Return False if a ping may be due before."""
        if not self._pings:
            return await waiter
        left = self._keepalive - self._silence_since(last)
        return await self._world.clock.wait(waiter, max(left, SHORTEST_WAIT))

    def _silence_since(self, last: float) -> float:
        return self._world.clock.elapsed() - last

    def _new_waiter(self) -> asyncio.Future[bool]:
        return asyncio.get_running_loop().create_future()

    @property
    def _keepalive(self) -> float:
        return self._log.keepalive or self._world.keepalive

    def _take(self) -> Events:
        events = self._log.after(self._sent)
        self._sent = len(self._log)
        return events

    def _ping(self) -> Events:
        number = self._sent if self._log.numbered else None
        return [ping_event(self._world, self._run_id, number)]
