"""What is scheduled: sent by the task that waits for it, or by what comes before that can wake."""

import pytest

from mockletta.resources.schedules import schedule_message
from mockletta.resources.timetable import keep_time
from mockletta.state.clock import Clock
from mockletta.wire.schedules import CreateSchedule
from mockletta.world import World
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
async def test_what_is_due_can_be_had_before_the_task_that_waits_has_woken() -> None:
    world = World(clock=Clock(NOON))
    agent = make_agent(world)
    schedule_message(world, agent.id, CreateSchedule.model_validate(EVERY_HOUR))
    keep_time(world)

    world.clock.advance(7_200)
    world.catch_up()

    assert len(world.store.runs) == 2
    assert world.timetable is not None
    world.timetable.cancel()
