"""client.agents.schedule: messages that are sent to an agent when they are due.

The world's clock is not polled: one timer is set for the next due time. It is checked when the
clock is moved and before each request, and set again when the next time changes.
"""

import logging
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from typing import Annotated

from mockletta.api.cloud.cloud_pages import CloudPageQuery, cloud_only, cloud_page
from mockletta.api.message_targets import agent_target
from mockletta.api.messages.turn_starts import ASYNC_MODE, send
from mockletta.api.resource import given, given_id
from mockletta.errors import CloudBadRequest, CloudNotFound
from mockletta.http.rendering import Response, created
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.http.routing import Routes
from mockletta.state.clock import EARLIEST, LATEST
from mockletta.wire.agents import AgentState
from mockletta.wire.message_requests import AsyncMessageRequest
from mockletta.wire.schedules import (
    CreateSchedule,
    MessagesToSend,
    OneTime,
    Recurring,
    ScheduleCreated,
    ScheduleDeleted,
    ScheduledMessage,
    ScheduledMessages,
)
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}/schedule", before=cloud_only)
MOST = 1_000
"""The most scheduled messages of one agent; completed ones make room for new ones."""


def schedule_message(world: World, agent_id: str, body: CreateSchedule) -> ScheduledMessage:
    """Schedule messages to an agent. A past time is due at once. Raises CloudBadRequest if no time
    matches."""
    agent = scheduling_agent(world, agent_id)
    due = _first_time(body, world.clock.peek())
    _make_room(world, agent.id)
    row = ScheduledMessage(
        id=given_id(body) or world.ids.uuid(),
        agent_id=agent.id,
        message=MessagesToSend.model_validate(given(body, MessagesToSend)),
        next_scheduled_time=due,
        schedule=body.schedule,
    )
    world.store.schedules.add(row)
    keep_time(world)
    return row


def scheduling_agent(world: World, agent_id: str) -> AgentState:
    agent = world.store.agents.find(agent_id)
    if agent is None:
        raise CloudNotFound("Agent not found")
    return agent


def scheduled_message(world: World, agent_id: str, scheduled_id: str) -> ScheduledMessage:
    """Find a scheduled message of an agent."""
    scheduling_agent(world, agent_id)
    row = world.store.schedules.find(scheduled_id)
    if row is None or row.agent_id != agent_id:
        raise CloudNotFound("Scheduled message not found")
    return row


def unschedule(world: World, row: ScheduledMessage) -> None:
    world.store.schedules.remove(row.id)
    keep_time(world)


def _first_time(body: CreateSchedule, now: datetime) -> datetime:
    schedule = body.schedule
    if isinstance(schedule, OneTime):
        return _moment(schedule)
    try:
        return next_time(schedule.cron_expression, now)
    except ValueError as error:
        raise CloudBadRequest(str(error)) from error


def _moment(schedule: OneTime) -> datetime:
    if not EARLIEST.timestamp() <= schedule.seconds < LATEST.timestamp():
        raise CloudBadRequest(
            f"scheduled_at is no time from {EARLIEST:%Y} to {LATEST:%Y}: {schedule.scheduled_at}"
        )
    return datetime.fromtimestamp(schedule.seconds, UTC)


def _make_room(world: World, agent_id: str) -> None:
    rows = world.store.schedules.all(("agent_id", agent_id))
    if len(rows) < MOST:
        return
    over = next((row for row in rows if row.next_scheduled_time is None), None)
    if over is None:
        raise CloudBadRequest(f"An agent can have {MOST} scheduled messages; delete one first")
    world.store.schedules.remove(over.id)


Made = Annotated[Response, DeclaredResponse(ScheduleCreated, 201)]


@routes.post("", "agents.schedule.create")
def create(world: World, agent_id: str, body: CreateSchedule) -> Made:
    row = schedule_message(world, agent_id, body)
    return created(ScheduleCreated(id=row.id, next_scheduled_at=row.next_scheduled_time))


@routes.get("", "agents.schedule.list")
def list_schedule(world: World, agent_id: str, query: CloudPageQuery) -> ScheduledMessages:
    agent = scheduling_agent(world, agent_id)
    view = world.store.schedules.view(("agent_id", agent.id))
    rows, more = cloud_page(view, query)
    return ScheduledMessages(has_next_page=more, scheduled_messages=rows)


@routes.get("/{scheduled_message_id}", "agents.schedule.retrieve")
def retrieve(world: World, agent_id: str, scheduled_message_id: str) -> ScheduledMessage:
    return scheduled_message(world, agent_id, scheduled_message_id)


@routes.delete("/{scheduled_message_id}", "agents.schedule.delete")
def delete(world: World, agent_id: str, scheduled_message_id: str) -> ScheduleDeleted:
    unschedule(world, scheduled_message(world, agent_id, scheduled_message_id))
    return ScheduleDeleted()


MOST_MISSED = 100
"""The most times that a message is sent at once, after its times have passed while the clock was
moved."""
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
        send(world, agent_target(world, row.agent_id), request, ASYNC_MODE, None)
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
