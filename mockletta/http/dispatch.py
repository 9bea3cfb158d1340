"""The one place where a request becomes a call and a result becomes a response."""

import inspect
import logging
from typing import Any
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
from mockletta.http.endpoints import Endpoint, RawRequest
from mockletta.http.fault_answers import ModelAnswer
from mockletta.http.hosting import Hosts
from mockletta.http.injection import respond, tell_struck
from mockletta.http.rendering import JSON_TYPE, Headers, Response, render
from mockletta.http.routing import Router
from mockletta.http.sse import STREAM_TYPE, EventStream
from mockletta.http.visits import Visit, send_whole

logger = logging.getLogger("mockletta")
ALIAS, API = "/latest/", "/v1/"
NO_RETRY = (b"x-should-retry", b"false")  # the SDK obeys; else it asks three times


class Dispatcher:
    """An ASGI application over a router and the worlds it serves. `max_body` is in bytes,
    `model_answer` is how a failing model provider is answered."""

    def __init__(
        self, router: Router, worlds: Hosts, max_body: int, model_answer: ModelAnswer
    ) -> None:
        self.router = router
        self.worlds = worlds
        self.max_body = max_body
        self.model_answer = model_answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = read_headers(scope["headers"])
        try:
            world = self.worlds.of(head.key)
        except ApiError as error:
            await send_whole(_error_response(error), send)
            return
        visit = Visit(scope, receive, head, world)
        try:
            answer = await self._answer(visit)
        except ClientDisconnect:
            visit.left()
            return
        if visit.injection is None and visit.exchange.wire is None:
            await visit.tell(answer, send)
        else:
            await tell_struck(visit, answer, self.model_answer, send)

    async def _answer(self, visit: Visit) -> Response | EventStream:
        try:
            return await self._respond(visit)
        except ApiError as error:
            return _error_response(error)
        except ClientDisconnect:
            raise
        except Exception:
            logger.exception("%s %s failed", visit.entry.method, visit.entry.path)
            return _error_response(InternalError())

    async def _respond(self, visit: Visit) -> Response | EventStream:
        head, scope = visit.head, visit.scope
        if head.refused is not None:
            raise head.refused
        path = scope["path"]
        if path.startswith(ALIAS):
            path = API + path[len(ALIAS) :]
        match = self.router.match(scope["method"], path)
        if match is None:
            return self._unmatched(scope, path)
        entry = visit.entry
        entry.operation, entry.params = match.endpoint.operation, match.params
        if match.endpoint.has_body:
            entry.body = await self._read(visit.receive)
        request = RawRequest(
            match.params, scope["query_string"], entry.body, head.content_type, head.client
        )
        if head.fault is None and not visit.world.faults.pending:
            return await self._call(visit, match.endpoint, request)
        return await respond(
            visit, request, lambda: self._call(visit, match.endpoint, request), self.model_answer
        )

    async def _call(
        self, visit: Visit, endpoint: Endpoint[Any], request: RawRequest
    ) -> Response | EventStream:
        result = visit.call(endpoint, request)
        if inspect.isawaitable(result):
            result = await result
        return _response(result)

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
