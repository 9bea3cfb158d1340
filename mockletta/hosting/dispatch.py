"""The one place where a request becomes a call and a result becomes a response."""

from collections.abc import Awaitable
from functools import partial
from types import CoroutineType
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from mockletta.errors import ApiError, InvalidId, PayloadTooLarge
from mockletta.hosting.access import Asked, CheckToken, agents_named, let_in, refuse_unless_open
from mockletta.hosting.protocols import Hosts
from mockletta.hosting.visits import Visit, send_whole
from mockletta.http.client_headers import read_headers
from mockletta.http.credentials import is_token
from mockletta.http.endpoints import RawRequest
from mockletta.http.rendering import Response
from mockletta.http.responses import (
    Answer,
    ClientDisconnect,
    answer_of,
    answered,
    error_response,
    failure_response,
    read_body,
    unmatched,
)
from mockletta.http.routing import Match, Router
from mockletta.http.sse import EventStream

if TYPE_CHECKING:
    from mockletta.faults.answers import ModelAnswer

ALIAS, API = "/latest/", "/v1/"


class Dispatcher:
    """An ASGI application over a router and the worlds it serves. `max_body` is in bytes,
    `model_answer` is how a failing model provider is answered, `check_token` what a client-side
    access token allows."""

    def __init__(
        self,
        router: Router,
        worlds: Hosts,
        max_body: int,
        model_answer: "ModelAnswer",
        check_token: CheckToken,
    ) -> None:
        self.router = router
        self.worlds = worlds
        self.max_body = max_body
        self.model_answer = model_answer
        self.check_token = check_token

    def begin(self, scope: Scope, body: bytes) -> Response | ASGIApp:
        """The answer to a request that has come whole, if there is one without waiting; else the
        application that goes on with it.

        A call of this application comes to the same, with all that waiting takes. What is seldom
        goes that way, and so does all that comes while turns are under way: tasks take turns, so
        whoever was there first is first.
        """
        head = read_headers(scope["headers"])
        if head.is_token or self.worlds.require_key is not None:
            return self
        try:
            world = self.worlds.of(head.key)
        except ApiError as error:
            return error_response(error)
        if head.fault is not None or world.faults.pending or world.tasks:
            return self
        visit = Visit(scope, head, world)
        answer: Answer | Awaitable[object]
        try:
            answer = self._answer_to(visit, body)
        except Exception as error:  # noqa: BLE001 - it is answered
            answer = failure_response(error, scope)
        if visit.exchange.wire is None and isinstance(answer, Response):
            visit.note(answer)
            return answer
        return partial(self._go_on, visit, answer)

    def _answer_to(self, visit: Visit, body: bytes) -> Answer | Awaitable[object]:
        match = self._match(visit)
        if match is None:
            return unmatched(self.router, visit.scope, visit.path)
        if match.endpoint.has_body:
            if len(body) > self.max_body:
                raise PayloadTooLarge(self.max_body)
            _keep_body(visit, match, body)
        result = visit.call(match.endpoint, _request(visit, match))
        return result if isinstance(result, CoroutineType) else answer_of(result)

    async def _go_on(
        self,
        visit: Visit,
        answer: Answer | Awaitable[object],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        visit.receive = receive
        if not isinstance(answer, Response | EventStream):
            answer = await answered(_awaited(answer), scope)
        await self._tell(visit, answer, send)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = read_headers(scope["headers"])
        refused = False
        try:
            if head.is_token or self.worlds.require_key is not None:
                world, refused = let_in(self.worlds, head)
            else:
                world = self.worlds.of(head.key)
        except ApiError as error:
            await send_whole(error_response(error), send)
            return
        visit = Visit(scope, head, world, refused=refused)
        visit.receive = receive
        try:
            answer = await answered(self._respond(visit), scope)
        except ClientDisconnect:
            visit.left()
            return
        await self._tell(visit, answer, send)

    async def _tell(self, visit: Visit, answer: Answer, send: Send) -> None:
        if visit.injection is None and visit.exchange.wire is None and isinstance(answer, Response):
            await visit.tell(answer, send)
        else:
            from mockletta.hosting.fault_injection import tell_struck  # noqa: PLC0415 - few are struck

            await tell_struck(visit, answer, self.model_answer, send)

    async def _respond(self, visit: Visit) -> Answer:
        match = self._match(visit)
        if match is None:
            return unmatched(self.router, visit.scope, visit.path)
        if match.endpoint.has_body:
            _keep_body(visit, match, await read_body(visit.receive, self.max_body))
        if visit.head.is_token and not visit.refused:
            self._check_token(visit)
        request = _request(visit, match)
        if visit.head.fault is None and not visit.world.faults.pending:
            return await _awaited(visit.call(match.endpoint, request))
        from mockletta.hosting.fault_injection import respond  # noqa: PLC0415 - few are struck

        return await respond(
            visit,
            request,
            lambda: _awaited(visit.call(match.endpoint, request)),
            self.model_answer,
        )

    def _match(self, visit: Visit) -> Match | None:
        if visit.head.malformed_user is not None:
            raise InvalidId("user", "user", visit.head.malformed_user)
        path = visit.path
        if path.startswith(ALIAS):
            path = visit.path = API + path[len(ALIAS) :]
        match = self.router.match(visit.entry.method, path)
        if visit.refused:
            refuse_unless_open(match.endpoint.operation if match else "")
        if match is not None:
            entry = visit.entry
            entry.operation, entry.params = match.endpoint.operation, match.params
        return match

    def _check_token(self, visit: Visit) -> None:
        entry, scope = visit.entry, visit.scope
        named = agents_named(scope["query_string"], entry.request_bytes)
        asked = Asked(entry.operation or "", scope["method"], entry.params, named)
        token = next(filter(is_token, visit.head.keys))
        with visit.world.lock:
            self.check_token(visit.world, token, asked)


def _keep_body(visit: Visit, match: Match, body: bytes) -> None:
    visit.entry.request_bytes = body
    visit.entry.read_form = match.endpoint.form_reader(visit.head.content_type)


def _request(visit: Visit, match: Match) -> RawRequest:
    head, entry = visit.head, visit.entry
    return RawRequest(
        match.params, entry.query_string, entry.request_bytes, head.content_type, head.client
    )


async def _awaited(result: object) -> Answer:
    return answer_of(await result if isinstance(result, CoroutineType) else result)
