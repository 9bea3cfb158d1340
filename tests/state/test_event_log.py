"""The log of a run, and waiting for more of it."""

import asyncio
from threading import Thread

import pytest

from mockletta.state.clock import Clock
from mockletta.state.event_log import Burst, Event, EventLog, Listener, count, each

A, B, C = (Event("raw", letter) for letter in (b"a", b"b", b"c"))
ABC = Burst("raw", b"<", (b"a", b"b", b"c"), b">")


def test_events_are_kept_as_they_come() -> None:
    log = EventLog()
    log.append(A)
    log.append(B)

    assert (log.events, len(log), log.after(0), log.after(1)) == ([A, B], 2, [A, B], [B])


def test_events_that_were_read_stay_as_they_were_while_the_log_grows() -> None:
    log = EventLog()
    log.append(A)
    read = log.after(0)
    log.append(B)

    assert (read, log.after(0)) == ([A], [A, B])


def test_only_a_numbered_log_has_a_next_number() -> None:
    log = EventLog(numbered=True)
    log.append(A)
    log.append(ABC)

    assert (log.next_number, EventLog().next_number) == (5, None)


def test_a_burst_is_as_many_events_as_it_has_texts() -> None:
    assert list(each([ABC])) == [Event("raw", b"<a>"), Event("raw", b"<b>"), Event("raw", b"<c>")]
    assert count([ABC, C]) == 4


@pytest.mark.parametrize("number", range(7))
def test_what_comes_after_a_number_can_begin_within_a_burst(number: int) -> None:
    log = EventLog()
    for item in (A, ABC, B):
        log.append(item)

    every = list(each(log.events))
    assert list(each(log.after(number))) == every[number:]
    assert [list(each(log.after(number, most))) for most in range(4)] == [
        every[number : number + most] for most in range(4)
    ]


def test_the_paced_events_of_a_burst_are_kept_as_one() -> None:
    log, other = EventLog(), Burst("raw", b"(", (b"x", b"y"), b")")
    for burst in (ABC, ABC, ABC, other):
        log.emit_next(burst, 1, 0.0)
    assert log.events == [ABC, Burst("raw", b"(", (b"x",), b")")]
    log.append(B)

    assert (list(each(log.events))[3:], len(log)) == ([Event("raw", b"(x)"), B], 5)


def test_whoever_waits_is_woken_by_news() -> None:
    async def story() -> bool:
        log = EventLog()
        first = asyncio.create_task(log.more())
        second = asyncio.create_task(log.more_within(Clock(), 60))
        await asyncio.sleep(0)
        log.wake()
        await first
        return await second

    assert asyncio.run(story())


def test_whoever_waits_is_woken_by_the_end() -> None:
    async def story() -> bool:
        log = EventLog()
        waiting = asyncio.create_task(log.more())
        await asyncio.sleep(0)
        log.finish()
        await waiting
        return log.finished

    assert asyncio.run(story())


def test_whoever_waits_is_woken_from_another_thread() -> None:
    async def story() -> bool:
        log = EventLog()
        waiting = asyncio.create_task(log.more())
        await asyncio.sleep(0)
        Thread(target=log.finish).start()
        await waiting
        return log.finished

    assert asyncio.run(story())


def test_nobody_waits_for_more_of_a_finished_log() -> None:
    async def story() -> bool:
        log = EventLog()
        log.finish()
        await log.more()
        return log.finished

    assert asyncio.run(story())


def test_a_copy_of_a_log_goes_on_by_itself() -> None:
    log = EventLog(numbered=True)
    log.append(A)

    copy = log.copy()
    log.finish()
    copy.append(B)

    assert (log.events, log.finished) == ([A], True)
    assert (copy.events, copy.finished, copy.next_number) == ([A, B], False, 3)


def test_whoever_waited_in_vain_is_told() -> None:
    async def story() -> tuple[bool, tuple[Listener, ...]]:
        log = EventLog()
        return await log.more_within(Clock(), 0), log._listeners

    assert asyncio.run(story()) == (False, ())


def test_whoever_left_is_not_woken() -> None:
    async def story() -> tuple[Listener, ...]:
        log = EventLog()
        waiting = asyncio.create_task(log.more())
        await asyncio.sleep(0)
        waiting.cancel()
        log.wake()
        await asyncio.gather(waiting, return_exceptions=True)
        return log._listeners

    assert asyncio.run(story()) == ()


def test_a_finished_log_stays_as_it_is() -> None:
    log = EventLog()
    log.append(A)
    log.finish()
    log.append(B)
    log.emit_next(ABC, 1, 0.0)

    assert log.events == [A]
