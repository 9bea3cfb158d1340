"""Turns under way: what becomes of one that is cancelled."""

import asyncio
from inspect import GEN_CLOSED, getgeneratorstate

from mockletta.turns.cancelling import abort, cancel
from mockletta.world.pace import Pace
from mockletta.world.world import World
from tests.worlds import make_agent, make_conversation, say


def test_a_turn_that_is_aborted_is_closed_at_once() -> None:
    asyncio.run(_abort_a_turn())


async def _abort_a_turn() -> None:
    world = World(pace=Pace(ttft=30))
    say(world, make_conversation(world, make_agent(world)).id, "Hello!")
    [(run_id, active)] = world.active.items()

    assert abort(world, run_id)

    assert getgeneratorstate(active.turn) == GEN_CLOSED
    assert (world.active, world.busy) == ({}, {})
    assert not abort(world, run_id)


def test_a_run_is_cancelled_once() -> None:
    asyncio.run(_cancel_a_turn())


async def _cancel_a_turn() -> None:
    world = World(pace=Pace(ttft=30))
    say(world, make_conversation(world, make_agent(world)).id, "Hello!")
    [run_id] = world.active

    assert [cancel(world, run_id), cancel(world, run_id)] == [True, False]
