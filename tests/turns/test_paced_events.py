"""Events that are emitted one by one."""

import asyncio

from mockletta.api.agents.agent_creation import create_agent
from mockletta.state.event_log import Burst, each
from mockletta.turns.paced_events import emit_spread
from mockletta.turns.pacing import Pacing
from mockletta.turns.turn_state import Spread, TurnState
from mockletta.wire.agents import CreateAgent
from mockletta.wire.message_requests import MessageRequest
from mockletta.world.world import World

BURST = Burst("raw", b"<", (b"a", b"b", b"c"), b">")
ALL = [b"<a>", b"<b>", b"<c>"]


def a_turn(world: World) -> TurnState:
    agent = create_agent(world, CreateAgent(model="letta/letta-free"))
    request = MessageRequest(input="x")
    return TurnState(world, request, agent, None, "run-1", agent.llm_config, Pacing(world))


def emitted(state: TurnState) -> list[bytes]:
    return [event.json for event in each(state.log.events)]


def test_events_come_one_by_one() -> None:
    state = a_turn(World())
    asyncio.run(emit_spread(state, Spread(BURST, (0.0, 0.001, 0.001))))
    assert (emitted(state), len(state.log.events)) == (ALL, 3)


def test_a_frozen_clock_takes_no_time() -> None:
    world = World()
    world.clock.freeze()
    state = a_turn(world)
    asyncio.run(emit_spread(state, Spread(BURST, (0.0, 3_600, 3_600))))
    assert emitted(state) == ALL


def test_moving_the_clock_on_emits_what_is_due() -> None:
    async def story() -> list[bytes]:
        state = a_turn(World())
        task = asyncio.create_task(emit_spread(state, Spread(BURST, (0.0, 3_600, 3_600))))
        await asyncio.sleep(0)
        assert emitted(state) == ALL[:1]
        assert state.world.clock.waiting == 1
        state.world.clock.advance(3_601)
        await state.log.more()
        seen = emitted(state)
        state.world.clock.freeze()
        await task
        return seen

    assert asyncio.run(story()) == ALL[:2]


def test_a_run_that_is_cancelled_emits_no_more() -> None:
    async def story() -> list[bytes]:
        state = a_turn(World())
        task = asyncio.create_task(emit_spread(state, Spread(BURST, (0.0, 3_600, 3_600))))
        await asyncio.sleep(0)
        state.log.finish()
        assert state.world.clock.waiting == 0
        state.world.clock.freeze()
        await task
        return emitted(state)

    assert asyncio.run(story()) == ALL[:1]
