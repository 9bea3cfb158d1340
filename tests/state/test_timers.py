"""What is paced by one clock shares one timer."""

import asyncio
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockletta.state.clock import Clock
from mockletta.state.timers import RESUMED_TOGETHER, Lateness, TimerWheel
from mockletta.world.world import World


class Ticking:
    """Something that resumes at some times, and notes when it did."""

    def __init__(self, *dues: float) -> None:
        self.dues = list(dues)
        self.resumed: list[float] = []
        self.is_over = False
        self.has_resumed = asyncio.Event()

    def resume(self, now: float) -> float | None:
        self.resumed.append(now)
        self.has_resumed.set()
        return self.dues.pop(0) if self.dues else None


def turned(wheel: Callable[[], float], *ticking: tuple[Ticking, float]) -> TimerWheel:
    made = TimerWheel(asyncio.new_event_loop(), wheel)
    for one, due in ticking:
        made.add(one, due)
    made.check()
    made.loop.close()
    return made


def test_what_is_due_resumes_in_order_and_the_rest_waits() -> None:
    early, late = Ticking(7.0), Ticking()
    wheel = turned(lambda: 5.0, (late, 6.0), (early, 1.0))
    assert (early.resumed, late.resumed, wheel.waiting) == ([5.0], [], 2)


def test_everything_is_due_in_the_end() -> None:
    ticking = Ticking(7.0, 9.0)
    wheel = turned(lambda: math.inf, (ticking, 6.0))
    assert (len(ticking.resumed), wheel.waiting) == (3, 0)


def test_the_lateness_of_what_is_paced_is_counted() -> None:
    lateness = Lateness()
    wheel = TimerWheel(asyncio.new_event_loop(), lambda: 5.0, lateness=lateness)
    wheel.add(Ticking(), 4.97)
    wheel.check()
    wheel.loop.close()

    assert lateness.total == pytest.approx(0.03)
    assert sum(lateness.counts) == 1


def test_the_outbox_is_emptied_after_the_streams_are_resumed() -> None:
    wheel, seen = TimerWheel(asyncio.new_event_loop(), lambda: 5.0), []

    class Writing(Ticking):
        def resume(self, now: float) -> float | None:
            seen.append("resume")
            wheel.outbox.append(lambda: seen.append("write"))
            return super().resume(now)

    wheel.add(Writing(), 1.0)
    wheel.add(Writing(), 1.0)
    wheel.check()
    wheel.loop.close()

    assert seen == ["resume", "resume", "write", "write"]
    assert wheel.outbox == []


def test_what_is_over_does_not_count_as_waiting() -> None:
    ticking = Ticking()
    ticking.is_over = True
    assert turned(lambda: 0.0, (ticking, 6.0)).waiting == 0


def test_a_loop_that_is_closed_is_not_asked() -> None:
    turned(lambda: 0.0).check_soon()


def test_a_clock_that_is_moved_resumes_what_it_paces() -> None:
    async def story() -> list[int]:
        clock, ticking = Clock(), Ticking()
        clock.pace(ticking, clock.elapsed() + 3_600)
        clock.pace(Ticking(), clock.elapsed() + 7_200)
        seen = [clock.waiting, len(ticking.resumed)]
        clock.advance(3_601)
        await ticking.has_resumed.wait()
        return [*seen, clock.waiting]

    assert asyncio.run(story()) == [2, 0, 1]


def test_a_frozen_clock_lets_nothing_wait() -> None:
    async def story() -> float:
        clock, ticking = Clock(), Ticking()
        clock.pace(ticking, clock.elapsed() + 3_600)
        clock.freeze()
        await ticking.has_resumed.wait()
        return ticking.resumed[0]

    assert asyncio.run(story()) == math.inf


def test_each_loop_has_a_wheel_of_its_own() -> None:
    clock = Clock()

    async def story() -> int:
        ticking = Ticking()
        clock.pace(ticking, clock.elapsed())
        await ticking.has_resumed.wait()
        return len(ticking.resumed)

    assert [asyncio.run(story()), asyncio.run(story())] == [1, 1]


def test_the_loop_does_other_work_between_many_streams_that_are_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mockletta.state.timers.monotonic", lambda: 0.0)
    wheel = turned(lambda: 5.0, *((Ticking(), 1.0) for _ in range(RESUMED_TOGETHER + 1)))
    left = wheel.waiting
    wheel.check()
    assert (left, wheel.waiting) == (1, 0)


def test_streams_get_a_share_of_the_time_for_other_work(monkeypatch: pytest.MonkeyPatch) -> None:
    began, checked, resumed_one, resumed_two, ended = 0.0, 2.0, 2.5, 3.0, 3.0
    times = iter((began, checked, resumed_one, resumed_two, ended))
    monkeypatch.setattr("mockletta.state.timers.monotonic", lambda: next(times))
    wheel = turned(lambda: 5.0, (Ticking(), 1.0), (Ticking(), 2.0), (Ticking(), 3.0))
    assert wheel.waiting == 1


def test_a_frozen_clock_lets_no_stream_wait() -> None:
    streams = [(Ticking(), 1.0) for _ in range(RESUMED_TOGETHER + 1)]
    assert turned(lambda: math.inf, *streams).waiting == 0


def test_the_lock_of_the_world_is_held_while_streams_are_resumed() -> None:
    world, looks = World(), []

    class Looking(Ticking):
        def resume(self, now: float) -> float | None:
            with ThreadPoolExecutor() as other:
                looks.append(other.submit(world.lock.acquire, blocking=False).result())
            return super().resume(now)

    async def story() -> None:
        looking = Looking()
        world.clock.pace(looking, world.clock.elapsed())
        await looking.has_resumed.wait()

    asyncio.run(story())
    assert looks == [False]
