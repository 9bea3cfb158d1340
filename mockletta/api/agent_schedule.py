"""client.agents.schedule: messages that an agent is sent later."""

from typing import Annotated

from mockletta.api.cloud_pages import CloudPageQuery, cloud_page
from mockletta.http.rendering import Response, created
from mockletta.http.response_declarations import Says
from mockletta.http.routing import Routes
from mockletta.resources.cloud import cloud_only
from mockletta.resources.schedules import (
    schedule_message,
    scheduled_message,
    scheduling_agent,
    unschedule,
)
from mockletta.wire.schedules import (
    CreateSchedule,
    ScheduleCreated,
    ScheduleDeleted,
    ScheduledMessage,
    ScheduledMessages,
)
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}/schedule", gate=cloud_only)


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
