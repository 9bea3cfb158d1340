"""The control API from request to response: guarded, in no journal, never faulted."""

from collections.abc import Callable
from typing import Any

from starlette.types import Receive, Scope, Send

from mockletta.control.access import Guard
from mockletta.hosting.protocols import Hosts
from mockletta.hosting.visits import send_whole
from mockletta.http.client_headers import read_headers
from mockletta.http.endpoints import Endpoint, RawRequest
from mockletta.http.rendering import Response
from mockletta.http.responses import ClientDisconnect, answered, read_body, response_of, unmatched
from mockletta.http.routing import Router

PREFIX = "/_mockletta"
MOST_BYTES = 1024 * 1024
WHOLE_FILES = frozenset({"control.script.replace", "control.snapshot.restore"})
"""The operations whose body may be as long as one of the API's; others get MOST_BYTES at most,
since what is wrong with a body is answered with the body."""


class ControlDispatcher:
    """An ASGI application for what a test author asks of worlds. `max_body` is in bytes.

    A request speaks of the world of its API key, as requests to the API do. Handlers that name no
    `world` are about all of them: a new key gets none by asking. The router is made when it is
    first needed.
    """

    def __init__(
        self, make_router: Callable[[], Router], worlds: Hosts, guard: Guard, max_body: int
    ) -> None:
        self._make_router = make_router
        self._worlds = worlds
        self._guard = guard
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await answered(self._respond(scope, receive), scope)
        except ClientDisconnect:
            return
        await send_whole(answer, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        self._guard.check(scope)
        router, path = self._make_router(), scope["path"]
        match = router.match(scope["method"], path)
        if match is None:
            return unmatched(router, scope, path)
        endpoint = match.endpoint
        head = read_headers(scope["headers"])
        body = await read_body(receive, self._limit(endpoint)) if endpoint.has_body else b""
        request = RawRequest(
            match.params, scope["query_string"], body, head.content_type, head.client, self._worlds
        )
        if not endpoint.wants_world:
            return response_of(endpoint.call(None, request))
        world = self._worlds.of(head.key)
        with world.lock:
            return response_of(endpoint.call(world, request))

    def _limit(self, endpoint: Endpoint[Any]) -> int:
        is_file = endpoint.operation in WHOLE_FILES
        return self._max_body if is_file else min(self._max_body, MOST_BYTES)
