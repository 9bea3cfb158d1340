"""Following a log: pushing its events to a sink."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from mockletta.state.event_log import Burst, Event, EventLog, Events, each
from mockletta.turns.streams_and_pings import LogFollower
from mockletta.world.pace import Pace
from mockletta.world.world import World

XYZ = Burst("raw", b"<", (b"x", b"y", b"z"), b">")
A, B = Event("raw", b"a"), Event("raw", b"b")


class Sender:
    """Sends the texts of a burst to a sink."""

    def __init__(self, sink: "Sink", texts: Sequence[bytes]) -> None:
        self._sink = sink
        self._texts = texts
        self.sent = 0

    def send(self, number: int) -> None:
        texts = self._texts[self.sent : self.sent + number]
        self.sent += number
        self._sink.sent.append(f"{b''.join(texts).decode()} alone")


class Sink:
    """Takes events as long as it is ready, and may close."""

    def __init__(self) -> None:
        self.is_ready = True
        self.is_closed = False
        self.is_over = asyncio.Event()
        self.sent: list[str] = []
        self.was_pinged = asyncio.Event()
        self.call: Callable[[], None]

    def when_changed(self, call: Callable[[], None]) -> None:
        self.call = call

    def send(self, events: Events) -> None:
        for event in each(events):
            self.sent.append(event.json.decode() if event.kind == "raw" else event.kind)
            if event.kind == "ping":
                self.was_pinged.set()

    def start_burst(self, burst: Burst, first: int) -> Sender:
        self.sent.append(f"{burst.kind} burst from {first}")
        return Sender(self, burst.texts[first:])

    def end(self, last: Events = ()) -> None:
        assert not self.is_over.is_set()
        self.send(last)
        self.is_over.set()


def pushed(
    story: Callable[[EventLog, Sink], Coroutine[Any, Any, None]],
    *,
    pings: bool = False,
    keepalive: float | None = None,
    after: int = 0,
) -> list[str]:
    """What a sink was sent of a log while a story went on."""

    async def telling() -> list[str]:
        log, sink = EventLog(keepalive=keepalive), Sink()
        log.append(A)
        follower = LogFollower(World(pace=Pace()), "run-1", log, after=after, pings=pings)
        follower.push(sink)
        await story(log, sink)
        await sink.is_over.wait()
        assert log._listeners == ()
        assert follower._world.clock.waiting == 0
        return sink.sent

    return asyncio.run(telling())


async def _ends(log: EventLog, _: Sink) -> None:
    log.append(B)
    log.finish()


def test_events_are_sent_in_the_call_that_logs_them() -> None:
    async def story(log: EventLog, sink: Sink) -> None:
        log.append(B)
        log.wake()
        assert sink.sent == ["a", "b"]
        log.finish()

    assert pushed(story) == pushed(story, pings=True) == ["a", "b"]


def test_paced_events_are_sent_as_texts() -> None:
    async def story(log: EventLog, sink: Sink) -> None:
        for _ in XYZ.texts:
            log.emit_next(XYZ, 1, 0.0)
        await _ends(log, sink)

    assert pushed(story) == ["a", "raw burst from 0", "x alone", "y alone", "z alone", "b"]


def test_a_paced_burst_can_follow_another() -> None:
    async def story(log: EventLog, _: Sink) -> None:
        log.emit_next(XYZ, 1, 0.0)
        log.emit_next(Burst("raw", b"(", (b"1", b"2"), b")"), 2, 0.0)
        log.finish()

    expected = ["a", "raw burst from 0", "x alone", "raw burst from 0", "12 alone"]
    assert pushed(story) == expected


def test_paced_events_wait_for_a_sink_that_is_not_ready() -> None:
    async def story(log: EventLog, sink: Sink) -> None:
        log.emit_next(XYZ, 1, 0.0)
        sink.is_ready = False
        sink.call()
        log.emit_next(XYZ, 1, 0.0)
        assert sink.sent[-1] == "x alone"
        sink.is_ready = True
        sink.call()
        log.emit_next(XYZ, 1, 0.0)
        log.finish()

    expected = ["a", "raw burst from 0", "x alone", "<y>", "raw burst from 2", "z alone"]
    assert pushed(story) == expected


def test_a_ping_comes_between_two_paced_events() -> None:
    async def story(log: EventLog, sink: Sink) -> None:
        log.emit_next(XYZ, 1, 0.0)
        await sink.was_pinged.wait()
        sink.is_ready = False
        sink.call()
        log.emit_next(XYZ, 1, 0.0)
        sink.is_ready = True
        log.finish()

    sent = pushed(story, pings=True, keepalive=0.002)
    assert [sent[:4], sent[-1]] == [["a", "raw burst from 0", "x alone", "ping"], "<y>"]


def test_a_paced_event_puts_off_the_next_ping() -> None:
    async def story(log: EventLog, sink: Sink) -> None:
        log.emit_next(XYZ, 1, 3_600.0)
        await asyncio.sleep(0.01)
        log.finish()

    assert pushed(story, pings=True, keepalive=0.002)[-1] == "x alone"


def test_what_comes_after_a_number_is_sent() -> None:
    assert pushed(_ends, after=1) == ["b"]


def test_a_sink_that_is_not_ready_gets_its_events_later() -> None:
    async def story(log: EventLog, sink: Sink) -> None:
        sink.is_ready = False
        log.append(B)
        log.finish()
        assert sink.sent == ["a"]
        sink.is_ready = True
        sink.call()

    assert pushed(story) == ["a", "b"]


def test_a_sink_that_is_closed_ends_it() -> None:
    async def story(log: EventLog, sink: Sink) -> None:
        sink.is_ready, sink.is_closed = False, True
        log.append(B)
        log.wake()

    assert pushed(story) == ["a"]


def test_pings_come_while_nothing_else_does() -> None:
    async def story(log: EventLog, sink: Sink) -> None:
        await sink.was_pinged.wait()
        log.finish()

    assert set(pushed(story, pings=True, keepalive=0.002)) == {"a", "ping"}


def test_a_sink_that_is_not_ready_gets_no_pings() -> None:
    async def story(log: EventLog, sink: Sink) -> None:
        sink.is_ready = False
        await asyncio.sleep(0.01)
        sink.is_ready = True
        log.finish()

    assert pushed(story, pings=True, keepalive=0.002)[:1] == ["a"]


def test_a_ping_can_find_that_another_thread_has_finished_the_log() -> None:
    async def story(log: EventLog, sink: Sink) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, failure: sink.sent.append(failure["message"]))
        log.finished = True

    assert pushed(story, pings=True, keepalive=0.002) == ["a", "ping"]


def test_an_event_puts_off_the_next_ping() -> None:
    async def story(log: EventLog, sink: Sink) -> None:
        log.append(B)
        log.wake()
        log.finish()

    assert pushed(story, pings=True, keepalive=30) == ["a", "b"]
