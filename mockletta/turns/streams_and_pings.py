"""Streams that follow the log of a run: its events live, and pings during silence."""

from collections.abc import AsyncIterator

from mockletta.http.streaming import BurstSender, EventSink
from mockletta.state.clock import Clock
from mockletta.state.event_log import EventLog, Events, count
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
        self.sent = max(after, 0)
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
        return self.sent < self.log.count

    def take(self) -> Events:
        """Return the next events since the last call, EVENTS_AT_ONCE at most."""
        events = self.log.after(self.sent, EVENTS_AT_ONCE)
        self.sent += count(events)
        return events

    def ping(self) -> Events:
        number = self.sent if self.log.numbered else None
        at = self._world.clock.now()
        return [ping_event(self._world.ids, self._run_id, number, at)]


class Push:
    """Sends the events of a follower to a sink. It has no task: the log and the sink call it, and
    the timer of its pings, if there are any.

    While the sink is ready, the log tells the sender of a paced burst itself what to send.
    """

    def __init__(self, follower: LogFollower, sink: EventSink, world: World | None) -> None:
        self._follower = follower
        self._log = follower.log
        self._sink = sink
        self._pings = None if world is None else Pings(self, world.clock)
        self._is_over = False
        self._sender: BurstSender | None = None

    def start(self) -> None:
        self._sink.when_changed(self.look)
        self._log.listen(self.look)
        self.look()
        if self._pings is not None:
            self._pings.start()

    def look(self) -> None:
        """Send new events if the sink is ready, and end with the log or the sink."""
        self._stop_sender()
        sink, follower = self._sink, self._follower
        if sink.is_ready:
            while follower.has_news and sink.is_ready:
                events = follower.take()
                if self._log.finished and not follower.has_news:
                    self._end(events)
                    return
                sink.send(events)
            if self._pings is not None:
                self._pings.silent_since = self._follower.elapsed()
            is_over = self._log.finished and not follower.has_news
        else:
            is_over = sink.is_closed
        if is_over and not self._is_over:
            self._end()
        elif sink.is_ready and not follower.has_news:
            self._start_sender()

    @property
    def keepalive(self) -> float:
        return self._follower.keepalive

    @property
    def paced_at(self) -> float:
        """When the newest paced event was due, in seconds of the world's clock."""
        return self._log.paced_at

    def ping(self) -> None:
        """Send a ping if the sink is ready."""
        if self._sink.is_ready:
            self._stop_sender()
            self._sink.send(self._follower.ping())
            self.look()

    def _start_sender(self) -> None:
        log = self._log
        if log.paced is not None:
            self._sender = self._sink.start_burst(log.paced, log.paced_count)
            log.pass_paced(self.look, self._sender.send)

    def _stop_sender(self) -> None:
        if self._sender is not None:
            self._follower.sent += self._sender.sent
            self._sender = None
            self._log.pass_paced(self.look, None)

    def _end(self, last: Events = ()) -> None:
        self._is_over = True
        self._log.leave(self.look)
        if self._pings is not None:
            self._pings.stop()
        self._sink.end(last)


class Pings:
    """Lets a push send pings after silence, by a clock. The clock's timer paces it."""

    def __init__(self, push: Push, clock: Clock) -> None:
        self._clock = clock
        self._push: Push | None = push
        self.silent_since = clock.elapsed()

    @property
    def is_over(self) -> bool:
        return self._push is None

    def start(self) -> None:
        if self._push is not None:
            self._clock.watch(self, self.silent_since + self._push.keepalive)

    def stop(self) -> None:
        """Send no more pings. The timer drops this object later, but what it refers to is free
        now."""
        self._push = None

    def resume(self, now: float) -> float | None:
        push = self._push
        if push is None:
            return None
        self.silent_since = max(self.silent_since, push.paced_at)
        if self.silent_since + push.keepalive <= now:
            push.ping()  # this can be the end, after which there is no push
            self.silent_since = now
        return self.silent_since + push.keepalive
