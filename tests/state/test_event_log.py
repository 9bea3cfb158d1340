"""The log of a run, and waiting for more of it."""

import asyncio
from threading import Thread

from mockletta.state.clock import Clock
from mockletta.state.event_log import EventLog

EVENT = b'data: {"id":"m","seq_id":null}\n\n'
PLAIN = b"data: [DONE]\n\n"


def test_events_are_kept_as_they_come() -> None:
    log = EventLog(numbered=False)
    log.extend([EVENT])
    log.extend([PLAIN])

    assert (log.frames, log.joined(), log.joined(1)) == ([EVENT, PLAIN], EVENT + PLAIN, PLAIN)


def test_a_numbered_log_numbers_every_event_and_shows_it_where_there_is_room() -> None:
    log = EventLog(numbered=True)
    log.extend([EVENT, PLAIN])
    log.extend([EVENT])

    assert log.frames == [
        b'data: {"id":"m","seq_id":1}\n\n',
        PLAIN,
        b'data: {"id":"m","seq_id":3}\n\n',
    ]


def test_only_the_number_of_the_event_itself_is_written() -> None:
    log = EventLog(numbered=True)

    log.extend([b'data: {"seq_id":null,"data":{"seq_id":null}}\n\n'])

    assert log.frames == [b'data: {"seq_id":1,"data":{"seq_id":null}}\n\n']


def test_whoever_waits_is_woken_by_news() -> None:
    async def story() -> bool:
        log = EventLog(numbered=False)
        first = asyncio.create_task(log.more())
        second = asyncio.create_task(log.more_within(Clock(), 60))
        await asyncio.sleep(0)
        log.wake()
        await first
        return await second

    assert asyncio.run(story())


def test_whoever_waits_is_woken_by_the_end() -> None:
    async def story() -> bool:
        log = EventLog(numbered=False)
        waiting = asyncio.create_task(log.more())
        await asyncio.sleep(0)
        log.finish()
        await waiting
        return log.finished

    assert asyncio.run(story())


def test_whoever_waits_is_woken_from_another_thread() -> None:
    async def story() -> bool:
        log = EventLog(numbered=False)
        waiting = asyncio.create_task(log.more())
        await asyncio.sleep(0)
        Thread(target=log.finish).start()
        await waiting
        return log.finished

    assert asyncio.run(story())


def test_nobody_waits_for_more_of_a_finished_log() -> None:
    async def story() -> bool:
        log = EventLog(numbered=False)
        log.finish()
        await log.more()
        return log.finished

    assert asyncio.run(story())


def test_a_copy_of_a_log_goes_on_by_itself() -> None:
    log = EventLog(numbered=True)
    log.extend([PLAIN])

    copy = log.copy()
    log.finish()
    copy.extend([EVENT])

    assert (log.frames, log.finished) == ([PLAIN], True)
    assert (copy.frames, copy.finished) == ([PLAIN, b'data: {"id":"m","seq_id":2}\n\n'], False)


def test_whoever_waited_in_vain_is_told() -> None:
    async def story() -> tuple[bool, list[asyncio.Future[bool]]]:
        log = EventLog(numbered=False)
        return await log.more_within(Clock(), 0), log._waiters

    assert asyncio.run(story()) == (False, [])


def test_whoever_left_is_not_woken() -> None:
    async def story() -> list[asyncio.Future[bool]]:
        log = EventLog(numbered=False)
        waiting = asyncio.create_task(log.more())
        await asyncio.sleep(0)
        waiting.cancel()
        log.wake()
        await asyncio.gather(waiting, return_exceptions=True)
        return log._waiters

    assert asyncio.run(story()) == []
