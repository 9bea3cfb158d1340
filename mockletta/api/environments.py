"""client.environments: machines on which agents work."""

from typing import Literal

from pydantic import Field

from mockletta.api.cloud_pages import CloudPageQuery, cloud_page
from mockletta.http.routing import Routes
from mockletta.resources.cloud import cloud_only
from mockletta.resources.environments import add_environment, environment_of, send_to
from mockletta.wire.environments import (
    Environment,
    Environments,
    MessageSent,
    Registered,
    RegisterEnvironment,
    SendToEnvironment,
)
from mockletta.world.world import World

routes = Routes("/v1/environments", gate=cloud_only)


class EnvironmentsQuery(CloudPageQuery):
    """Of `source`, all are remote here."""

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
    """Come online. Nobody listens at the address for sockets."""
    row = add_environment(world, body.device_id, body.connection_name, metadata=body.metadata)
    return Registered(connection_id=str(row.connection_id), ws_url="ws://localhost/unavailable")


@routes.post("/{connectionId}/messages", "environments.send_message")
def send_message(world: World, connectionId: str, body: SendToEnvironment) -> MessageSent:  # noqa: N803
    """Send a message to the agent behind a connection; nobody waits for its reply."""
    send_to(world, connectionId, body)
    return MessageSent(message="Message sent")
