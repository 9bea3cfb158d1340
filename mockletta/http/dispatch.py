"""The one place where a request becomes a call and a result becomes a response."""

import inspect
import logging
from contextlib import AbstractContextManager
from typing import Any, Protocol
from urllib.parse import quote

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from mockletta.errors import (
    ApiError,
    InternalError,
    MethodNotAllowed,
    NotFound,
    NotImplementedYet,
    PayloadTooLarge,
)
from mockletta.http.clients import read_headers
from mockletta.http.endpoints import RawRequest
from mockletta.http.rendering import JSON_TYPE, Headers, Response, render
from mockletta.http.routing import Match, Router
from mockletta.http.sse import STREAM_TYPE, EventStream, serve_stream

logger = logging.getLogger("mockletta")
ALIAS, API = "/latest/", "/v1/"
NO_RETRY = (b"x-should-retry", b"false")  # the SDK obeys; else it asks three times


class Locked(Protocol):
    """What a dispatcher asks of a world: a lock to hold while a handler runs."""

    @property
    def lock(self) -> AbstractContextManager[Any, Any]: ...


class Dispatcher:
    """An ASGI application over a router and a world. `max_body` is in bytes."""

    def __init__(self, router: Router, world: Locked, max_body: int) -> None:
        self.router = router
        self.world = world
        self.max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except ClientDisconnect:
            return
        if isinstance(answer, EventStream):
            await serve_stream(answer, scope, receive, send)
        else:
            await _send(answer, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response | EventStream:
        try:
            return await self._respond(scope, receive)
        except ApiError as error:
            return _error_response(error)
        except ClientDisconnect:
            raise
        except Exception:
            logger.exception("%s %s failed", scope["method"], scope["path"])
            return _error_response(InternalError())

    async def _respond(self, scope: Scope, receive: Receive) -> Response | EventStream:
        client, content_type = read_headers(scope["headers"])
        path = scope["path"]
        if path.startswith(ALIAS):
            path = API + path[len(ALIAS) :]
        match = self.router.match(scope["method"], path)
        if match is None:
            return self._unmatched(scope, path)
        body = await self._read(receive) if match.endpoint.has_body else b""
        request = RawRequest(match.params, scope["query_string"], body, content_type, client)
        result = self._call(match, request)
        if inspect.isawaitable(result):
            result = await result
        return _response(result)

    def _call(self, match: Match, request: RawRequest) -> object:
        with self.world.lock:
            return match.endpoint.call(self.world, request)

    def _unmatched(self, scope: Scope, path: str) -> Response:
        allow = self.router.allowed(path)
        if allow is not None:
            raise MethodNotAllowed(allow)
        other = self.router.other_ending(path)
        if other is None:
            raise NotFound("Not Found")
        return Response(307, [(b"location", _absolute(scope, other))], b"")

    async def _read(self, receive: Receive) -> bytes:
        message = await receive()
        body: bytes = message.get("body", b"")
        parts = [body]
        size = len(body)
        while message.get("more_body"):
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self.max_body:
                raise PayloadTooLarge(self.max_body)
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        if size > self.max_body:
            raise PayloadTooLarge(self.max_body)
        return b"".join(parts) if len(parts) > 1 else body


def _response(result: object) -> Response | EventStream:
    if isinstance(result, EventStream):
        return result if result.whole is None else Response(200, [STREAM_TYPE], result.whole)
    if isinstance(result, Response):
        return result
    return Response(200, [JSON_TYPE], render(result))


def _error_response(error: ApiError) -> Response:
    headers: Headers = [JSON_TYPE]
    if isinstance(error, MethodNotAllowed):
        headers.append((b"allow", error.allow.encode()))
    if isinstance(error, NotImplementedYet):
        headers.append(NO_RETRY)
    return Response(error.status, headers, render(error.body))


def _absolute(scope: Scope, path: str) -> bytes:
    host = next((value for name, value in scope["headers"] if name == b"host"), b"localhost")
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    return b"".join((scope["scheme"].encode(), b"://", host, quote(path).encode(), query))


async def _send(response: Response, send: Send) -> None:
    length = (b"content-length", str(len(response.body)).encode())
    await send(
        {
            "type": "http.response.start",
            "status": response.status,
            "headers": [*response.headers, length],
        }
    )
    await send({"type": "http.response.body", "body": response.body})
