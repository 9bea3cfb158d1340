"""Streams that follow the log of a run: its events live, and pings during silence."""

from collections.abc import AsyncIterator

from mockletta.http.streaming import EventSink
from mockletta.state.clock import Clock
from mockletta.state.event_log import Burst, EventLog, Events, count
from mockletta.turns.events import ping_event
from mockletta.world.world import World

EVENTS_AT_ONCE = 1_000
"""The events that are sent together. More wait until the client has read these, since their frames
take many times the bytes of their texts."""


class LogFollower:
    """Follows a log from a number on. With `pings`, it sends one after each `keepalive` seconds of
    silence by the world's clock. The log's keepalive takes precedence over the world's."""

    def __init__(
        self, world: World, run_id: str, log: EventLog, *, after: int = 0, pings: bool = True
    ) -> None:
        self.log = log
        self._world = world
        self._run_id = run_id
        self._sent = max(after, 0)
        self._pings = pings
        self.elapsed = world.clock.elapsed

    async def pull(self) -> AsyncIterator[Events]:
        """Yield the events as they are emitted."""
        log = self.log
        while True:
            if self.has_news:
                yield self.take()
            elif log.finished:
                return
            elif not self._pings:
                await log.more()
            elif not await log.more_within(self._world.clock, self.keepalive):
                yield self.ping()

    def push(self, sink: EventSink) -> None:
        """Send the events to a sink as soon as they are logged, up to the end or until the sink is
        closed. While it is not ready they wait in the log."""
        Push(self, sink, self._world if self._pings else None).start()

    @property
    def keepalive(self) -> float:
        return self.log.keepalive or self._world.keepalive

    @property
    def has_news(self) -> bool:
        return self._sent < len(self.log)

    def take(self) -> Events:
        """Return the next events since the last call, EVENTS_AT_ONCE at most."""
        events = self.log.after(self._sent, EVENTS_AT_ONCE)
        self._sent += count(events)
        return events

    def take_text(self) -> Burst | None:
        """Take the newest event if it was paced and is the only new one. Return its burst; its text
        is the last of the log's `paced_texts`."""
        log, number = self.log, self._sent + 1
        if log.paced is None or number != log.count:
            return None
        self._sent = number
        return log.paced

    def ping(self) -> Events:
        number = self._sent if self.log.numbered else None
        return [ping_event(self._world, self._run_id, number)]


class Push:
    """Sends the events of a follower to a sink. It has no task: the log and the sink call it, and
    the timer of its pings, if there are any."""

    def __init__(self, follower: LogFollower, sink: EventSink, world: World | None) -> None:
        self._follower = follower
        self._log = follower.log
        self._sink = sink
        self._pings = None if world is None else Pings(follower, sink, world.clock)
        self._elapsed = follower.elapsed
        self._is_over = False

    def start(self) -> None:
        self._sink.when_changed(self.look)
        self._log.listen(self.look)
        self.look()
        if self._pings is not None:
            self._pings.start()

    def look(self) -> None:
        """Send new events if the sink is ready, and end with the log or the sink."""
        sink, follower = self._sink, self._follower
        if sink.is_ready:
            paced, pings = follower.take_text(), self._pings
            if paced is not None:
                sink.send_text(paced, self._log.paced_texts[-1])
            while follower.has_news and sink.is_ready:
                sink.send(follower.take())
            if pings is not None:
                pings.silent_since = self._elapsed()
            is_over = self._log.finished and not follower.has_news
        else:
            is_over = sink.is_closed
        if is_over and not self._is_over:
            self._end()

    def _end(self) -> None:
        self._is_over = True
        self._log.leave(self.look)
        if self._pings is not None:
            self._pings.stop()
        self._sink.end()


class Pings:
    """Sends pings to a sink after silence, by a clock. The clock's timer paces it."""

    def __init__(self, follower: LogFollower, sink: EventSink, clock: Clock) -> None:
        self._clock = clock
        self._target: tuple[LogFollower, EventSink] | None = (follower, sink)
        self.silent_since = clock.elapsed()

    @property
    def is_over(self) -> bool:
        return self._target is None

    def start(self) -> None:
        if self._target is not None:
            self._clock.watch(self, self.silent_since + self._target[0].keepalive)

    def stop(self) -> None:
        """Send no more pings. The timer drops this object later, but what it refers to is free
        now."""
        self._target = None

    def resume(self, now: float) -> float | None:
        if self._target is None:
            return None
        follower, sink = self._target
        if self.silent_since + follower.keepalive <= now:
            if sink.is_ready:
                sink.send(follower.ping())
            self.silent_since = now
        return self.silent_since + follower.keepalive
