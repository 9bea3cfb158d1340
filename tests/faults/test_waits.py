"""Waiting that ends by itself, or when it is ended."""

import asyncio

from mockletta.faults.waits import Stalls


def test_a_wait_ends_by_itself() -> None:
    assert asyncio.run(Stalls().wait(0.001)) is False


def test_a_wait_for_ever_ends_when_it_is_ended() -> None:
    async def wait() -> tuple[bool, bool, int]:
        stalls = Stalls()
        waits = [asyncio.ensure_future(stalls.wait(None)) for _ in range(2)]
        await asyncio.sleep(0)
        assert stalls.count == 2
        stalls.end()
        stalls.end()
        return await waits[0], await waits[1], stalls.count

    assert asyncio.run(wait()) == (True, True, 0)


def test_seconds_pass_by_whatever_clock_there_is() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    assert asyncio.run(Stalls().wait(3600, sleep)) is False
    assert slept == [3600]


def test_a_wait_that_is_cancelled_leaves_nothing_behind() -> None:
    async def leave() -> int:
        stalls = Stalls()
        waiting = asyncio.ensure_future(stalls.wait(3600))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        return stalls.count + len(asyncio.all_tasks()) - 1

    assert asyncio.run(leave()) == 0
