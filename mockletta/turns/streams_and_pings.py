"""Streams that follow the log of a run: its events as they come, and pings during silence."""

from collections.abc import AsyncIterator

from mockletta.http.streaming import EventSink
from mockletta.state.clock import Clock
from mockletta.state.event_log import Burst, EventLog, Events
from mockletta.turns.events import ping_event
from mockletta.world.world import World


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

    async def pull(self) -> AsyncIterator[Events]:
        """Yield the events as they come."""
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
        """Return the events that came since the last call."""
        events = self.log.after(self._sent)
        self._sent = len(self.log)
        return events

    def take_text(self) -> tuple[Burst, bytes] | None:
        """Return the newest event as a burst and a text if it was paced and is all that is new."""
        log = self.log
        if self._sent + 1 != log.count:
            return None
        last = log.events[-1]
        if type(last) is not Burst or type(last.texts) is not list:
            return None
        self._sent += 1
        return last, last.texts[-1]

    def ping(self) -> Events:
        number = self._sent if self.log.numbered else None
        return [ping_event(self._world, self._run_id, number)]


class Push:
    """Sends the events that a follower finds to a sink. It has no task: the log and the sink call
    it, and the timer of its pings, if there are any."""

    def __init__(self, follower: LogFollower, sink: EventSink, world: World | None) -> None:
        self._follower = follower
        self._log = follower.log
        self._sink = sink
        self._pings = None if world is None else Pings(follower, sink, world.clock)
        self._put_off_ping = _nothing if self._pings is None else self._pings.put_off
        self._is_over = False

    def start(self) -> None:
        self._sink.when_changed(self.look)
        self._log.listen(self.look)
        self.look()
        if self._pings is not None:
            self._pings.start()

    def look(self) -> None:
        """Send what is new if the sink is ready, and end with the log or the sink."""
        sink, follower = self._sink, self._follower
        if sink.is_ready:
            newest = follower.take_text()
            if newest is not None:
                self._put_off_ping()
                sink.send_text(*newest)
            elif follower.has_news:
                self._put_off_ping()
                sink.send(follower.take())
            is_over = self._log.finished
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
    """Sends a sink a ping after each silence, by a clock. It is paced by the clock's timer."""

    def __init__(self, follower: LogFollower, sink: EventSink, clock: Clock) -> None:
        self._clock = clock
        self._target: tuple[LogFollower, EventSink] | None = (follower, sink)
        self._silent_since = clock.elapsed()

    @property
    def is_over(self) -> bool:
        return self._target is None

    def start(self) -> None:
        if self._target is not None:
            self._clock.watch(self, self._silent_since + self._target[0].keepalive)

    def put_off(self) -> None:
        """Begin the silence anew: something else is sent."""
        self._silent_since = self._clock.elapsed()

    def stop(self) -> None:
        """Send no more pings. The timer drops this object later, what it refers to is free now."""
        self._target = None

    def resume(self, now: float) -> float | None:
        if self._target is None:
            return None
        follower, sink = self._target
        if self._silent_since + follower.keepalive <= now:
            if sink.is_ready:
                sink.send(follower.ping())
            self._silent_since = now
        return self._silent_since + follower.keepalive


def _nothing() -> None:
    """What puts off the ping of a stream without pings."""
