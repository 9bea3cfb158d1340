"""Turns that are under way: their pauses, and the events that they emit one by one."""

import asyncio

from mockletta.api.agents.agent_creation import create_agent
from mockletta.state.event_log import Burst, Event, each
from mockletta.turns.cancelling import end_run
from mockletta.turns.driver import DrivenTurn, start
from mockletta.turns.events import DONE
from mockletta.turns.turn_state import PacedEvents, Pacing, Pause, Turn, TurnState, Wait
from mockletta.wire.agents import CreateAgent
from mockletta.wire.message_requests import MessageRequest
from mockletta.world.quirks import COMPACTION_ALERTS
from mockletta.world.world import World
from tests.worlds import told

BURST = Burst("raw", b"<", (b"a", b"b", b"c"), b">")
ALL = [b"<a>", b"<b>", b"<c>"]
SLOW = PacedEvents(BURST, (0.0, 3_600, 3_600))


def a_turn(world: World) -> TurnState:
    agent = create_agent(world, CreateAgent(model="letta/letta-free"))
    request = MessageRequest(input="x")
    return TurnState(world, request, agent, None, "run-1", agent.llm_config, Pacing(world))


def driven(state: TurnState, *waits: Wait) -> asyncio.Event:
    """Start a turn that waits so often. The event is set at its end."""
    over = asyncio.Event()

    def steps() -> Turn:
        yield from waits[1:]
        state.emit(DONE)
        over.set()

    DrivenTurn(state, steps(), state.world.clock.elapsed()).wait(waits[0])
    return over


def emitted(state: TurnState) -> list[bytes]:
    return [event.json for event in each(state.log.events) if event != DONE]


def test_events_come_one_by_one_and_are_kept_as_one_burst() -> None:
    async def story() -> list[Event | Burst]:
        state = a_turn(World())
        await driven(state, PacedEvents(BURST, (0.0, 0.001, 0.001))).wait()
        assert emitted(state) == ALL
        return state.log.after(0)

    assert asyncio.run(story()) == [BURST, DONE]


def test_pauses_follow_each_other() -> None:
    async def story() -> float:
        state = a_turn(World())
        before = state.world.clock.elapsed()
        spread = PacedEvents(BURST, (0.0, 0.001, 0.001))
        await driven(state, Pause(0.004), spread, Pause(0.004)).wait()
        return state.world.clock.elapsed() - before

    assert asyncio.run(story()) >= 0.01


def test_a_clock_that_is_frozen_meanwhile_takes_no_time() -> None:
    async def story() -> list[bytes]:
        state = a_turn(World())
        over = driven(state, Pause(3_600), SLOW)
        state.world.clock.freeze()
        await over.wait()
        return emitted(state)

    assert asyncio.run(story()) == ALL


def test_events_that_are_due_together_are_emitted_in_bounded_parts() -> None:
    many = Burst("raw", b"<", (b"x",) * 250, b">")

    async def story() -> list[int]:
        state = a_turn(World())
        driven(state, PacedEvents(many, (3_600.0,) * 250))
        counts: list[int] = []
        state.log.listen(lambda: counts.append(len(state.log)))
        state.world.clock.freeze()
        await state.log.more()
        return counts

    assert asyncio.run(story()) == [0, 100, 200, 250, 251, 251]


def test_moving_the_clock_on_emits_what_is_due() -> None:
    async def story() -> list[bytes]:
        state = a_turn(World())
        driven(state, SLOW)
        await state.log.more()
        assert (emitted(state), state.world.clock.waiting) == (ALL[:1], 1)
        state.world.clock.advance(3_601)
        await state.log.more()
        return emitted(state)

    assert asyncio.run(story()) == ALL[:2]


def test_a_run_that_is_cancelled_emits_no_more() -> None:
    async def story() -> list[bytes]:
        state = a_turn(World())
        driven(state, SLOW)
        await state.log.more()
        state.log.finish()
        assert state.world.clock.waiting == 0
        state.world.clock.freeze()
        await asyncio.sleep(0)
        return emitted(state)

    assert asyncio.run(story()) == ALL[:1]


def test_a_log_that_is_finished_for_its_readers_takes_no_more_but_the_turn_goes_on() -> None:
    async def story() -> list[bytes]:
        state = a_turn(World())
        over = driven(state, SLOW)
        await state.log.more()
        state.log.finish_reading()
        state.world.clock.freeze()
        await over.wait()
        return emitted(state)

    assert asyncio.run(story()) == ALL[:1]


def test_a_turn_that_has_ended_before_its_task_begins_does_nothing() -> None:
    asyncio.run(_end_before_it_begins())


async def _end_before_it_begins() -> None:
    world = World()
    state = a_turn(world)
    start(state, later=True)
    end_run(world, state.run_id, state.log)
    await asyncio.gather(*world.tasks)

    assert told(world, state.agent.id) == []


def test_a_turn_without_a_request_depends_on_quirks_too() -> None:
    state = a_turn(World())
    state.depends_on(COMPACTION_ALERTS, "nothing of it")

    assert (state.operation, COMPACTION_ALERTS in state.world.quirks) == ("a turn", False)
