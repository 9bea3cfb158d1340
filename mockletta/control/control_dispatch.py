"""The control API from request to response. It checks access, leaves no journal entries and has no
faults."""

from collections.abc import Callable, Mapping
from functools import partial
from types import CoroutineType
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from mockletta.control.control_access import ControlAccess
from mockletta.errors import (
    ApiError,
    BadSettings,
    Invalid,
    NotFound,
    PayloadTooLarge,
    Unprocessable,
)
from mockletta.http.endpoints import Endpoint
from mockletta.http.rendering import Response
from mockletta.http.responses import (
    ClientDisconnect,
    answered,
    error_response,
    read_body,
    redirect,
    response_of,
    send_response,
)
from mockletta.http.routing import Request, Router
from mockletta.http.streaming import ChunkedResponse, serve_chunked
from mockletta.world.client_headers import read_headers
from mockletta.world.request_context import UNRECORDED, WORLD
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

PREFIX = "/_mockletta"
CONSOLE = f"{PREFIX}/console"
METRICS = "/metrics"
"""Files of the console page. They hold no secrets: a browser loads them before it has a token."""
API_PREFIX = f"{PREFIX}/v1/"
WORLD_HEADER = b"x-mockletta-world"
"""The header that names the world of a request, instead of an API key."""
MOST_BYTES = 1024 * 1024
WHOLE_FILES = frozenset({"control.script.replace", "control.snapshot.restore"})
"""Operations whose body may be as long as `max_body`. The limit of others is MOST_BYTES, since an
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

    A request is about the world of its API key, like requests to the API. Handlers without a
    parameter `world` are about all worlds; they create no world for a new key. The router is
    created on first use.
    """

    def __init__(
        self,
        make_router: Callable[[], Router],
        worlds: Worlds,
        access: ControlAccess,
        max_body: int,
        api: ASGIApp,
        *,
        has_console: bool = True,
    ) -> None:
        self._make_router = make_router
        self._worlds = worlds
        self._access = access
        self._max_body = max_body
        self._api = api
        self.has_console = has_console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(API_PREFIX):
            await self._pass_on(scope, receive, send)
            return
        try:
            answer = await answered(self._respond_or_refuse(scope, receive), scope)
        except ClientDisconnect:
            return
        if isinstance(answer, ChunkedResponse):
            body = (chunk.data async for chunk in answer.chunks)
            await serve_chunked(answer.head, body, scope, receive, send)
        else:
            await send_response(answer, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to the API in the world that it names. Reads leave no journal entry."""
        try:
            self._access.check(scope)
            world = self._world(scope)
        except ApiError as error:
            await send_response(error_response(error), send)
            return
        path = scope["path"].removeprefix(PREFIX)
        asked = {**scope, "path": path, WORLD: world, UNRECORDED: scope["method"] == "GET"}
        await self._api(asked, receive, send)

    def _world(self, scope: Scope) -> World:
        """Return the world that a request names, else that of its API key."""
        named = next((value for name, value in scope["headers"] if name == WORLD_HEADER), None)
        if named is not None:
            return self._worlds.named(named.decode("latin-1"))
        key = read_headers(scope["headers"]).key
        return self._worlds.look(key) if scope["method"] == "GET" else self._worlds.of(key)

    async def _respond_or_refuse(
        self, scope: Scope, receive: Receive
    ) -> Response | ChunkedResponse:
        """Respond. An invalid request gets one sentence, unlike errors of the API."""
        try:
            return await self._respond(scope, receive)
        except Invalid as error:
            raise Unprocessable("; ".join(map(_described, error.errors))) from error
        except BadSettings as error:
            raise Unprocessable(str(error)) from error

    async def _respond(self, scope: Scope, receive: Receive) -> Response | ChunkedResponse:
        router, path = self._make_router(), scope["path"]
        if not path.startswith(CONSOLE):
            self._access.check(scope)
        elif not self.has_console:
            raise NotFound("This server was started without a console")
        match = router.match(scope["method"], path)
        if match is None:
            return redirect(scope, router.alternative(path))
        endpoint = match.endpoint
        headers = read_headers(scope["headers"])
        request = ControlRequest(scope, match.params, headers.content_type, self._worlds)
        if endpoint.has_body:
            request.body = await self._read(receive, endpoint)
        if "world" not in endpoint.wanted:
            return _answer_of(endpoint.call(request))
        request.world = world = self._world(scope)
        result = world.run(partial(endpoint.call, request))
        answer = _answer_of(await result if isinstance(result, CoroutineType) else result)
        if scope["method"] != "GET":
            world.publish("control", operation=endpoint.operation)
        return answer

    async def _read(self, receive: Receive, endpoint: Endpoint) -> bytes:
        is_file = endpoint.operation in WHOLE_FILES
        limit = self._max_body if is_file else min(self._max_body, MOST_BYTES)
        body = await read_body(receive, limit)
        if len(body) > limit:
            raise PayloadTooLarge(limit)
        return body


def _described(error: dict[str, Any]) -> str:
    """Describe an invalid part of a request, with its place."""
    place = ".".join(str(step) for step in error["loc"][1:]) or str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        return f"{place}: unknown field"
    return f"{place}: {error['msg']}"


def _answer_of(result: object) -> Response | ChunkedResponse:
    return result if isinstance(result, ChunkedResponse) else response_of(result)
