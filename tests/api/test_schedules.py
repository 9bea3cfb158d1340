"""What is scheduled, sent by whoever looks first when it is due."""

import pytest

from mockletta.api.cloud.schedules import schedule_message
from mockletta.state.clock import Clock
from mockletta.wire.schedules import CreateSchedule
from mockletta.world.world import World
from tests.worlds import make_agent

NOON = "2026-01-01T12:00:00Z"
EVERY_HOUR = {
    "schedule": {"type": "recurring", "cron_expression": "0 * * * *"},
    "messages": [{"role": "user", "content": "Wake up!"}],
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_what_is_due_can_be_had_before_the_loop_has_woken() -> None:
    world = World(clock=Clock(NOON))
    agent = make_agent(world)
    schedule_message(world, agent.id, CreateSchedule.model_validate(EVERY_HOUR))
    assert world.timetable is not None

    world.clock.advance(7_200)
    world.timetable.check()

    assert len(world.store.runs) == 2
    world.timetable.stop()
