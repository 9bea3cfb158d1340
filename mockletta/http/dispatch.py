"""The one place where a request becomes a call and a result becomes a response."""

import inspect
from typing import TYPE_CHECKING, Any

from starlette.types import Receive, Scope, Send

from mockletta.errors import ApiError, InvalidId
from mockletta.http.answers import (
    Answer,
    ClientDisconnect,
    answer_of,
    answered,
    error_response,
    read_body,
    unmatched,
)
from mockletta.http.clients import read_headers
from mockletta.http.credentials import is_token
from mockletta.http.endpoints import Endpoint, RawRequest
from mockletta.http.gate import Asked, CheckToken, agents_named, let_in, refuse_unless_open
from mockletta.http.hosting import Hosts
from mockletta.http.rendering import Response
from mockletta.http.routing import Router
from mockletta.http.visits import Visit, send_whole

if TYPE_CHECKING:
    from mockletta.http.fault_answers import ModelAnswer

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
        visit = Visit(scope, receive, head, world, refused=refused)
        try:
            answer = await answered(self._respond(visit), scope)
        except ClientDisconnect:
            visit.left()
            return
        if visit.injection is None and visit.exchange.wire is None and isinstance(answer, Response):
            await visit.tell(answer, send)
        else:
            from mockletta.http.injection import tell_struck  # noqa: PLC0415 - few are struck

            await tell_struck(visit, answer, self.model_answer, send)

    async def _respond(self, visit: Visit) -> Answer:
        head, scope = visit.head, visit.scope
        if head.malformed_user is not None:
            raise InvalidId("user", "user", head.malformed_user)
        path = scope["path"]
        if path.startswith(ALIAS):
            path = API + path[len(ALIAS) :]
        match = self.router.match(scope["method"], path)
        if visit.refused:
            refuse_unless_open(match.endpoint.operation if match else "")
        if match is None:
            return unmatched(self.router, scope, path)
        entry = visit.entry
        entry.operation, entry.params = match.endpoint.operation, match.params
        if match.endpoint.has_body:
            entry.request_bytes = await read_body(visit.receive, self.max_body)
            entry.read_form = match.endpoint.form_reader(head.content_type)
        if head.is_token and not visit.refused:
            self._check_token(visit)
        request = RawRequest(
            match.params,
            scope["query_string"],
            entry.request_bytes,
            head.content_type,
            head.client,
        )
        if head.fault is None and not visit.world.faults.pending:
            return await self._call(visit, match.endpoint, request)
        from mockletta.http.injection import respond  # noqa: PLC0415 - few are struck

        return await respond(
            visit, request, lambda: self._call(visit, match.endpoint, request), self.model_answer
        )

    def _check_token(self, visit: Visit) -> None:
        entry, scope = visit.entry, visit.scope
        named = agents_named(scope["query_string"], entry.request_bytes)
        asked = Asked(entry.operation or "", scope["method"], entry.params, named)
        token = next(filter(is_token, visit.head.keys))
        with visit.world.lock:
            self.check_token(visit.world, token, asked)

    async def _call(self, visit: Visit, endpoint: Endpoint[Any], request: RawRequest) -> Answer:
        result = visit.call(endpoint, request)
        if inspect.isawaitable(result):
            result = await result
        return answer_of(result)
