"""Waiting that ends by itself, or when it is ended."""

import asyncio

from mockletta.faults.stalls import Stalls


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
