"""client.environments: machines on which agents run."""

from typing import Literal

from pydantic import Field

from mockletta.api.cloud.cloud_pages import CloudPageQuery, cloud_only, cloud_page
from mockletta.api.message_targets import agent_target, find_target
from mockletta.api.messages.turn_starts import ASYNC_MODE, send
from mockletta.errors import ORGANIZATION_ID, CloudError
from mockletta.http.routing import Routes
from mockletta.wire.cloud import (
    Environment,
    EnvironmentAnswers,
    EnvironmentMetadata,
    Environments,
    EnvironmentText,
    MessageSent,
    Mode,
    Registered,
    RegisterEnvironment,
    SendToEnvironment,
)
from mockletta.wire.message_requests import AsyncMessageRequest
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/environments", before=cloud_only)
MOST = 1_000


class EnvironmentFailure(CloudError):
    """An error of Letta Cloud's environments, which has a code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message, errorCode=code)
        self.status = status


def add_environment(
    world: World,
    device_id: str,
    name: str,
    *,
    metadata: EnvironmentMetadata | None = None,
    online: bool = True,
    mode: Mode | None = "default",
    user_id: str | None = None,
) -> Environment:
    """Add an environment, or change whether a known one is online."""
    known = find_environment(world, device_id)
    if known is None and len(world.store.environments) >= MOST:
        raise EnvironmentFailure(400, "TOO_MANY", f"There can be {MOST} environments")
    now = world.clock.now().timestamp() * 1_000
    row = Environment(
        id=known.id if known else world.ids.uuid(),
        connected_at=now if online else None,
        connection_id=world.ids.uuid() if online else None,
        connection_name=name,
        device_id=device_id,
        first_seen_at=known.first_seen_at if known else now,
        last_heartbeat=now if online else None,
        last_seen_at=now,
        organization_id=ORGANIZATION_ID,
        current_mode=mode,
        metadata=metadata,
        user_id=user_id,
    )
    table = world.store.environments
    return table.replace(row) if known else table.add(row)


def find_environment(world: World, device_id: str) -> Environment | None:
    return next((one for one in world.store.environments if one.device_id == device_id), None)


def environment_of(world: World, device_id: str) -> Environment:
    """Find an environment by the id of its device or by its own id."""
    found = find_environment(world, device_id) or world.store.environments.find(device_id)
    if found is None:
        raise EnvironmentFailure(404, "ENVIRONMENT_NOT_FOUND", f"Environment {device_id} not found")
    return found


def send_to(context: RequestContext, connection_id: str, body: SendToEnvironment) -> None:
    """Send messages to the agent behind a connection. Raises EnvironmentFailure without such a
    connection or agent, and the errors of sending messages."""
    world = context.world
    if not any(one.connection_id == connection_id for one in world.store.environments):
        raise EnvironmentFailure(
            404, "CONNECTION_NOT_FOUND", f"Connection {connection_id} not found or offline"
        )
    if body.conversation_id:
        target = find_target(world, body.conversation_id, body.agent_id)
    elif body.agent_id:
        target = agent_target(world, body.agent_id)
    else:
        raise EnvironmentFailure(400, "AGENT_REQUIRED", "agentId or conversationId is required")
    messages = [_message(one) for one in body.messages]
    request = AsyncMessageRequest.model_validate({"messages": messages})
    send(world, target, request, ASYNC_MODE, context)


def _message(given: EnvironmentText | EnvironmentAnswers) -> dict[str, object]:
    """Return a message in the form of agents.messages. Its otid is the client's id."""
    if isinstance(given, EnvironmentAnswers):
        return given.model_dump()
    kept = given.model_dump(include={"role", "content"})
    return {**kept, "otid": given.otid or given.client_message_id}


class EnvironmentsQuery(CloudPageQuery):
    """The query. The `source` of every environment is remote."""

    online_only: Literal["true", "false"] = Field(default="false", alias="onlineOnly")
    source: Literal["local", "remote"] | None = None
    user_id: str | None = Field(default=None, alias="userId")

    def accepts(self, row: Environment) -> bool:
        return (
            (self.online_only == "false" or row.connection_id is not None)
            and (self.user_id is None or row.user_id == self.user_id)
            and self.source != "local"
        )


@routes.get("", "environments.list")
def list_environments(world: World, query: EnvironmentsQuery) -> Environments:
    rows, more = cloud_page(world.store.environments.view(), query, query.accepts)
    return Environments(connections=rows, has_next_page=more)


@routes.get("/{deviceId}", "environments.retrieve")
def retrieve(world: World, deviceId: str) -> Environment:  # noqa: N803 - named as in the path
    return environment_of(world, deviceId)


@routes.delete("/{id}", "environments.delete")
def delete(world: World, id: str) -> MessageSent:  # noqa: A002 - named as in the path
    world.store.environments.remove(environment_of(world, id).id)
    return MessageSent(message="Environment deleted")


@routes.post("/register", "environments.register")
def register(world: World, body: RegisterEnvironment) -> Registered:
    """Register an environment as online. The web socket address in the answer is not served."""
    row = add_environment(world, body.device_id, body.connection_name, metadata=body.metadata)
    return Registered(connection_id=str(row.connection_id), ws_url="ws://localhost/unavailable")


@routes.post("/{connectionId}/messages", "environments.send_message")
def send_message(
    context: RequestContext,
    connectionId: str,  # noqa: N803
    body: SendToEnvironment,
) -> MessageSent:
    """Send a message to the agent behind a connection, without waiting for the reply."""
    send_to(context, connectionId, body)
    return MessageSent(message="Message sent")
