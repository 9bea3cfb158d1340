"""client.health: whether the server is up, and which version it answers like."""

from mockletta.http.routing import Routes
from mockletta.wire.base import Wire
from mockletta.world.world import World

SERVER_VERSION = "0.16.7"

routes = Routes("/v1")


class Health(Wire):
    version: str
    status: str


@routes.get("/health/", "health")
def health(world: World) -> Health:  # noqa: ARG001
    return Health(version=SERVER_VERSION, status="ok")


@routes.get("/ready/", "ready")
def ready(world: World) -> Health:
    return health(world)
