"""The control API from request to response: checked for access, in no journal, never faulted."""

from collections.abc import Callable, Mapping
from functools import partial

from starlette.types import Receive, Scope, Send

from mockletta.control.access import ControlAccess
from mockletta.errors import PayloadTooLarge
from mockletta.http.endpoints import Endpoint
from mockletta.http.rendering import Response
from mockletta.http.requests import Request
from mockletta.http.responses import (
    ClientDisconnect,
    answered,
    read_body,
    response_of,
    send_response,
    unmatched,
)
from mockletta.http.routing import Router
from mockletta.world.client_headers import read_headers
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

PREFIX = "/_mockletta"
MOST_BYTES = 1024 * 1024
WHOLE_FILES = frozenset({"control.script.replace", "control.snapshot.restore"})
"""Operations whose body may be as long as `max_body`. Others take MOST_BYTES at most, since an
error about a body repeats the body."""


class ControlRequest(Request):
    """A request to the control API: all worlds, and the world of its API key."""

    __slots__ = ("world", "worlds")

    def __init__(
        self,
        scope: Scope,
        params: Mapping[str, str],
        content_type: str | None,
        worlds: Worlds,
    ) -> None:
        self.scope = scope
        self.method = scope["method"]
        self.query_string = scope["query_string"]
        self.params = params
        self.body = b""
        self.content_type = content_type
        self.project = None
        self.worlds = worlds
        self.world: World | None = None


class ControlDispatcher:
    """The control API as an ASGI application. `max_body` is in bytes.

    A request is about the world of its API key, as requests to the API are. Handlers without a
    parameter `world` are about all worlds: such a request makes no world for a new key. The router
    is made when it is first needed.
    """

    def __init__(
        self,
        make_router: Callable[[], Router],
        worlds: Worlds,
        access: ControlAccess,
        max_body: int,
    ) -> None:
        self._make_router = make_router
        self._worlds = worlds
        self._access = access
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await answered(self._respond(scope, receive), scope)
        except ClientDisconnect:
            return
        await send_response(answer, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        self._access.check(scope)
        router, path = self._make_router(), scope["path"]
        match = router.match(scope["method"], path)
        if match is None:
            return unmatched(router, scope, path)
        endpoint = match.endpoint
        headers = read_headers(scope["headers"])
        request = ControlRequest(scope, match.params, headers.content_type, self._worlds)
        if endpoint.has_body:
            request.body = await self._read(receive, endpoint)
        if "world" not in endpoint.wanted:
            return response_of(endpoint.call(request))
        request.world = self._worlds.of(headers.key)
        return response_of(request.world.run(partial(endpoint.call, request)))

    async def _read(self, receive: Receive, endpoint: Endpoint) -> bytes:
        is_file = endpoint.operation in WHOLE_FILES
        limit = self._max_body if is_file else min(self._max_body, MOST_BYTES)
        body = await read_body(receive, limit)
        if len(body) > limit:
            raise PayloadTooLarge(limit)
        return body
