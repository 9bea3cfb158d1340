"""What is scheduled in a world, sent when the world's clock says that it is due.

Nobody looks at the clock again and again: one task waits for the next time, and is woken when the
clock is moved, when there is an earlier time to wait for, and when the world is put back. It ends
when nothing is left to wait for. While it waits, a request that comes before it could wake finds
sent what is due.
"""

import asyncio
import logging
from datetime import datetime
from functools import partial
from operator import itemgetter

from mockletta.resources.conversations import agent_target
from mockletta.resources.sending import Manner, send
from mockletta.state.cron import next_time
from mockletta.wire.message_requests import AsyncMessageRequest
from mockletta.wire.schedules import Recurring, ScheduledMessage
from mockletta.world import World

MOST_MISSED = 100
"""How often a message is sent at once whose times have gone by while the clock was moved."""
MANNER = Manner("send_message_async", streaming=False, by_agent=True, later=True)
logger = logging.getLogger("mockletta")


def keep_time(world: World) -> None:
    """Have what is scheduled sent when it is due: begin to wait, or wait anew."""
    if world.due_changed is not None and not world.due_changed.done():
        world.due_changed.set_result(True)
    if not world.store.schedules or not (world.timetable is None or world.timetable.done()):
        return
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    world.catch_up = partial(send_due, world)
    world.timetable = loop.create_task(_keep(world))
    world.tasks.add(world.timetable)
    world.timetable.add_done_callback(world.tasks.discard)


async def _keep(world: World) -> None:
    while (due := next_due(world)) is not None:
        world.due_changed = asyncio.get_running_loop().create_future()
        if not await world.clock.reached(world.due_changed, due):
            with world.lock:
                send_due(world)
                world.changed()


def next_due(world: World) -> datetime | None:
    """When the next message is to be sent."""
    found = _next(world)
    return found[0] if found else None


def send_due(world: World) -> None:
    """Send what is due, in the order of its times: every time that has gone by, within a bound."""
    now = world.clock.peek()
    sent: dict[str, int] = {}
    while (found := _next(world)) is not None and found[0] <= now:
        due, row = found
        sent[row.id] = sent.get(row.id, 0) + 1
        since = due if sent[row.id] < MOST_MISSED else now
        world.store.schedules.replace(row.changed({"next_scheduled_time": _after(row, since)}))
        _send(world, row)


def _next(world: World) -> tuple[datetime, ScheduledMessage] | None:
    rows = world.store.schedules
    waiting = [(row.next_scheduled_time, row) for row in rows if row.next_scheduled_time]
    return min(waiting, key=itemgetter(0), default=None)


def _after(row: ScheduledMessage, moment: datetime) -> datetime | None:
    schedule = row.schedule
    if not isinstance(schedule, Recurring):
        return None
    return next_time(schedule.cron_expression, moment)


def _send(world: World, row: ScheduledMessage) -> None:
    """Send a message as one that nobody waits for. A fault of ours ends its run, and no more."""
    message = row.message.model_dump()
    steps = message.pop("max_steps", None)
    if steps is not None:
        message["max_steps"] = int(steps)
    request = AsyncMessageRequest.model_validate(message)
    try:
        send(world, agent_target(world, row.agent_id), request, MANNER)
    except Exception:
        logger.exception("the scheduled message %s failed", row.id)
