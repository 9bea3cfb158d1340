"""client.agents.schedule: messages that are sent to an agent later."""

from datetime import UTC, datetime
from typing import Annotated

from mockletta.api.cloud.cloud_pages import CloudPageQuery, cloud_only, cloud_page
from mockletta.api.cloud.timetable import keep_time, next_time
from mockletta.api.resource import given, given_id
from mockletta.errors import CloudBadRequest, CloudNotFound
from mockletta.http.rendering import Response, created
from mockletta.http.response_declarations import Says
from mockletta.http.routing import Routes
from mockletta.state.clock import EARLIEST, LATEST
from mockletta.wire.agents import AgentState
from mockletta.wire.schedules import (
    CreateSchedule,
    MessagesToSend,
    OneTime,
    ScheduleCreated,
    ScheduleDeleted,
    ScheduledMessage,
    ScheduledMessages,
)
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}/schedule", before=cloud_only)
MOST = 1_000
"""Scheduled messages of one agent; those that are over make room for new ones."""


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


Made = Annotated[Response, Says(ScheduleCreated, 201)]


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
