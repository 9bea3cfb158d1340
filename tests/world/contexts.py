"""Requests without a server."""

from mockletta.world.client_headers import read_headers
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World
from tests.http.exchanges import Headers, scope_of


def a_context(
    world: World, method: str = "GET", target: str = "/", headers: Headers | None = None
) -> RequestContext:
    """A request to a world as it is before its endpoint is known."""
    scope = scope_of(method, target, headers)
    return RequestContext(scope, read_headers(scope["headers"]), world)
