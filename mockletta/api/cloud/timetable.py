"""Sends scheduled messages when they are due by the world's clock.

The clock is not polled: one timer is set for the next due time. It is checked when the clock is
moved and before each request, and set again when another time is next.
"""

import logging
from contextlib import suppress
from datetime import datetime
from functools import partial
from operator import itemgetter

from mockletta.api.message_targets import agent_target
from mockletta.api.messages.turn_starts import Manner, send
from mockletta.wire.message_requests import AsyncMessageRequest
from mockletta.wire.schedules import Recurring, ScheduledMessage
from mockletta.world.world import World

MOST_MISSED = 100
"""How often a message is sent at once whose times have gone by while the clock was moved."""
MANNER = Manner("send_message_async", streaming=False, by_agent=True, later=True)
logger = logging.getLogger("mockletta")


def keep_time(world: World) -> None:
    """Set the timer for the next scheduled message. Call this on the loop, and again whenever the
    next due time may have changed."""
    if world.timetable is not None:
        world.timetable.stop()
    due = next_due(world)
    world.timetable = None
    if due is not None:
        with suppress(RuntimeError):  # no loop runs
            world.timetable = world.clock.schedule(due, partial(world.run, partial(_ring, world)))


def _ring(world: World) -> None:
    send_due(world)
    keep_time(world)


def next_due(world: World) -> datetime | None:
    """Return when the next message is due."""
    found = _next(world)
    return found[0] if found else None


def send_due(world: World) -> None:
    """Send all due messages in order of time, up to a bound."""
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
    """Send a message without waiting for its reply. An internal error only ends its run."""
    message = row.message.filled()
    steps = message.pop("max_steps")
    if steps is not None:
        message["max_steps"] = int(steps)
    request = AsyncMessageRequest.model_validate(message)
    try:
        send(world, agent_target(world, row.agent_id), request, MANNER, None)
    except Exception:
        logger.exception("the scheduled message %s failed", row.id)


def next_time(expression: str, after: datetime) -> datetime:
    """Return the first time after a moment that matches a cron expression, in the moment's time
    zone.

    Raises ValueError if the expression is invalid or matches no time within 50 years.
    """
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - few worlds have a schedule

    try:
        return next(CronSim(expression, after))
    except (CronSimError, StopIteration) as error:
        raise ValueError(f"{expression!r} is not a cron expression: {error}") from error
