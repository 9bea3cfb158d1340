"""The clock of a world: real, frozen, moved on; and waiting by it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Event, Thread

import pytest

from mockletta.state.clock import LATEST, Clock, spell_date

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
Change = Callable[[Clock], object]


def seconds_of(clock: Clock) -> float:
    """Read a clock, in seconds since the new year."""
    return (clock.now() - NEW_YEAR).total_seconds()


async def soon(awaitable: Awaitable[object]) -> object:
    """Wait for what ought to come, and fail rather than wait for ever."""
    return await asyncio.wait_for(awaitable, 10)


async def changed_while(clock: Clock, waiting: Awaitable[object], change: Change) -> object:
    """Change a clock, in another thread, while somebody waits by it."""
    task = asyncio.ensure_future(waiting)
    await asyncio.sleep(0)
    assert clock.waiting == 1
    await asyncio.to_thread(change, clock)
    result = await soon(task)
    assert clock.waiting == 0
    return result


def test_a_date_has_whole_seconds_and_an_offset() -> None:
    moment = datetime(2026, 11, 22, 9, 5, 7, 999_999, tzinfo=UTC)

    assert spell_date(moment) == "2026-11-22T09:05:07+00:00"
    elsewhere = moment.astimezone(timezone(timedelta(hours=2)))
    assert spell_date(elsewhere) == "2026-11-22T11:05:07+02:00"


def test_the_clock_of_a_world_goes_in_utc() -> None:
    before = datetime.now(UTC)
    clock = Clock()
    now = clock.now()

    assert (now.tzinfo, clock.frozen, clock.tick) == (UTC, False, 0)
    assert before <= now <= datetime.now(UTC)


def test_a_frozen_clock_stands_still_where_it_was_or_where_it_is_told() -> None:
    clock = Clock()
    before = clock.now()
    clock.freeze()
    stands = clock.now()

    assert before <= stands == clock.now()
    clock.freeze(NEW_YEAR)
    assert (clock.now(), clock.now(), clock.frozen) == (NEW_YEAR, NEW_YEAR, True)
    clock.freeze()
    assert clock.now() == NEW_YEAR


@pytest.mark.parametrize(
    "at",
    [
        NEW_YEAR,
        NEW_YEAR.replace(tzinfo=None),
        NEW_YEAR.astimezone(timezone(timedelta(hours=5, minutes=30))),
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        " 2026-01-01T01:00:00+01:00 ",
    ],
)
def test_a_time_can_be_given_in_many_ways(at: datetime | str) -> None:
    now = Clock(at).now()

    assert (now, now.tzinfo) == (NEW_YEAR, UTC)


def test_now_is_the_time_of_the_machine() -> None:
    clock = Clock(NEW_YEAR)
    before = datetime.now(UTC)
    clock.set("now")

    assert before <= clock.now() <= datetime.now(UTC)


def test_each_reading_of_a_frozen_clock_adds_a_tick_and_a_look_does_not() -> None:
    clock = Clock(NEW_YEAR, tick=0.5)

    assert [seconds_of(clock) for _ in range(3)] == [0, 0.5, 1]
    assert clock.peek() == clock.peek() == NEW_YEAR + timedelta(seconds=1.5)
    clock.tick = 2
    assert ([seconds_of(clock) for _ in range(2)], clock.tick) == ([1.5, 3.5], 2)


def test_a_real_clock_has_no_ticks() -> None:
    clock = Clock(tick=86_400)

    assert clock.now() - clock.now() < HOUR


def test_a_frozen_clock_is_moved_by_a_test_only() -> None:
    clock = Clock(NEW_YEAR)
    clock.advance(1.5)
    clock.advance(HOUR)
    assert seconds_of(clock) == 3601.5

    clock.advance(0)
    clock.set("2025-12-31T23:59:59Z")
    assert seconds_of(clock) == -1


def test_a_real_clock_that_is_moved_runs_on_from_there() -> None:
    clock = Clock()
    before = clock.now()
    clock.advance(HOUR)
    assert HOUR <= clock.now() - before < 2 * HOUR

    clock.set(NEW_YEAR)
    assert NEW_YEAR <= clock.now() < NEW_YEAR + HOUR
    assert not clock.frozen


def test_a_clock_that_is_resumed_runs_on_from_where_it_stood() -> None:
    clock = Clock(NEW_YEAR)
    clock.advance(HOUR)
    clock.resume()
    resumed = clock.now()
    clock.resume()

    assert not clock.frozen
    assert NEW_YEAR + HOUR <= resumed <= clock.now() < NEW_YEAR + 2 * HOUR


def test_time_does_not_run_backwards_when_the_machines_clock_does() -> None:
    clock = Clock()
    now = clock.now()
    clock._shift -= HOUR

    assert now <= clock.now() < now + HOUR


def test_a_copy_shows_the_same_time_and_goes_its_own_way() -> None:
    clock = Clock(NEW_YEAR, tick=1)
    copy = clock.copy()
    clock.advance(HOUR)

    assert (seconds_of(copy), seconds_of(copy), copy.frozen, copy.tick) == (0, 1, True, 1)
    copy.resume()
    assert seconds_of(clock) == 3600
    running = Clock()
    running.set(NEW_YEAR)
    assert NEW_YEAR <= running.copy().now() < NEW_YEAR + HOUR


def test_a_clock_that_becomes_another_shows_its_time() -> None:
    clock, other = Clock(NEW_YEAR, tick=1), Clock()
    other.take_over(clock)
    clock.take_over(Clock())

    assert (seconds_of(other), other.tick, other.frozen) == (0, 1, True)
    assert (clock.frozen, clock.tick, clock.now() > NEW_YEAR + HOUR) == (False, 0, True)


def test_no_two_threads_are_given_the_same_tick() -> None:
    clock = Clock(NEW_YEAR, tick=1)
    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(lambda _: seconds_of(clock), range(1_000)))

    assert sorted(read) == list(range(1_000))


def test_a_clock_ends_at_its_latest_time() -> None:
    clock = Clock(LATEST, tick=1)

    assert (clock.now(), clock.now()) == (LATEST, LATEST)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda clock: clock.freeze("soon"), "expected a time such as .*, received 'soon'"),
        (lambda clock: clock.set(12), "expected a time such as .*, received 12"),
        (lambda clock: clock.set(""), "received ''"),
        (lambda clock: clock.set("1969-12-31"), "from 1970 to 9000, received '1969-12-31'"),
        (lambda clock: clock.set(LATEST + HOUR), "from 1970 to 9000"),
        (lambda clock: clock.set("0001-01-01T00:00:00+14:00"), "from 1970 to 9000"),
        (lambda clock: clock.advance(-1), "no less than 0 seconds, received -1; set"),
        (lambda clock: clock.advance(-HOUR), "no less than 0 seconds"),
        (lambda clock: clock.advance(float("nan")), "received nan"),
        (lambda clock: clock.advance(float("inf")), "received inf"),
        (lambda clock: clock.advance(True), "received True"),
        (lambda clock: clock.advance("soon"), "received 'soon'"),
        (lambda clock: clock.advance(10**400), "expected a step that ends before 9000"),
        (lambda clock: clock.advance(timedelta.max), "expected a step that ends before 9000"),
        (lambda clock: setattr(clock, "tick", -1), "tick from 0 to 86400 seconds, received -1"),
        (lambda clock: setattr(clock, "tick", 86_401), "received 86401"),
        (lambda clock: setattr(clock, "tick", None), "received None"),
        (lambda clock: setattr(clock, "tick", 10**400), "expected a tick"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(change: Change, reason: str) -> None:
    clock = Clock(NEW_YEAR)

    with pytest.raises(ValueError, match=reason):
        change(clock)

    assert (clock.now(), clock.now()) == (NEW_YEAR, NEW_YEAR)


def test_who_sleeps_by_a_real_clock_is_woken_in_time() -> None:
    asyncio.run(Clock().sleep(0.001))
    asyncio.run(Clock().sleep(0))


def test_sleeping_by_a_frozen_clock_takes_no_time_on_any_clock() -> None:
    clock = Clock(NEW_YEAR, tick=1)

    asyncio.run(clock.sleep(1_000_000))

    assert clock.now() == NEW_YEAR


@pytest.mark.parametrize(
    "change",
    [
        lambda clock: clock.freeze(),
        lambda clock: clock.freeze("2020-01-01"),
        lambda clock: clock.advance(600),
        lambda clock: clock.set("2999-01-01"),
        lambda clock: clock.take_over(Clock(NEW_YEAR)),
    ],
)
def test_a_sleep_is_over_when_the_clock_is_frozen_or_moved_on_far_enough(change: Change) -> None:
    clock = Clock()

    asyncio.run(changed_while(clock, clock.sleep(600), change))


def test_a_clock_moved_on_shortens_a_sleep_and_set_back_does_not_prolong_it() -> None:
    clock = Clock()

    def change(clock: Clock) -> None:
        clock.advance(599.999)
        clock.set("2020-01-01")

    asyncio.run(changed_while(clock, clock.sleep(600), change))


def test_who_waits_gets_what_came_or_false_in_time() -> None:
    async def story() -> tuple[bool, bool]:
        clock, loop = Clock(), asyncio.get_running_loop()
        come = loop.create_future()
        come.set_result(True)
        return await clock.wait(come, 600), await clock.wait(loop.create_future(), 0.001)

    assert asyncio.run(story()) == (True, False)


def test_who_waits_for_hardly_any_time_lets_others_go_on() -> None:
    async def story() -> list[str]:
        clock, loop = Clock(), asyncio.get_running_loop()
        told: list[str] = []
        loop.call_soon(told.append, "other")
        await clock.sleep(0.000_1)
        told.append("sleeper")
        loop.call_soon(told.append, "other")
        await clock.wait(loop.create_future(), 0.000_1)
        return [*told, "waiter"]

    assert asyncio.run(story()) == ["other", "sleeper", "other", "waiter"]


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hasty_threads")
def test_it_can_be_asked_who_waits_while_they_come_and_go() -> None:
    clock, over = Clock(), Event()

    async def come_and_go() -> None:
        while not over.is_set():
            await asyncio.gather(*(clock.sleep(0.001) for _ in range(50)))

    thread = Thread(target=lambda: asyncio.run(come_and_go()))
    thread.start()
    try:
        while not clock.waiting:
            """Nobody has come yet."""
        assert 0 < max(clock.waiting for _ in range(20_000)) <= 50
    finally:
        over.set()
        thread.join()


def test_nobody_waits_in_vain_by_a_frozen_clock_unless_it_is_moved_on() -> None:
    async def story() -> object:
        clock = Clock(NEW_YEAR)
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        waiting = asyncio.create_task(clock.wait(waiter, 0.000_1))
        await asyncio.to_thread(clock.set, "2025-01-01")
        assert not waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        fresh = asyncio.get_running_loop().create_future()
        return await changed_while(clock, clock.wait(fresh, 20), lambda clock: clock.advance(20))

    assert asyncio.run(story()) is False


def test_who_waits_by_a_clock_that_is_resumed_waits_for_what_was_left() -> None:
    async def story() -> object:
        clock = Clock(NEW_YEAR, tick=5)
        waiter = asyncio.get_running_loop().create_future()

        def change(clock: Clock) -> None:
            clock.now()
            clock.advance(19.999)
            clock.resume()

        return await changed_while(clock, clock.wait(waiter, 20), change)

    assert asyncio.run(story()) is False


def test_a_loop_that_was_closed_is_not_woken() -> None:
    clock = Clock()
    loop = asyncio.new_event_loop()
    sleeper = clock.sleep(600)
    task = loop.create_task(sleeper)
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.run_until_complete(asyncio.sleep(0))
    waiting = set(clock._timers)
    task.cancel()
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    loop.close()
    clock._timers = waiting

    clock.advance(600)

    assert len(waiting) == 1


def test_a_duration_can_be_a_text() -> None:
    clock = Clock("2026-01-01")
    clock.advance("1.5s")

    assert clock.now() == datetime(2026, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)
