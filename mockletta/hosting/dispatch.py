"""The one way through: a request is admitted, matched, called and answered.

All of it is synchronous. The asynchronous caller waits for what has to be waited for: a body that
has not come whole, an answer that takes time, a client that reads slowly.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from types import CoroutineType
from typing import TYPE_CHECKING, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

from mockletta.errors import ApiError, InvalidId, PayloadTooLarge, Unauthorized
from mockletta.hosting.access import CheckToken, admit, needs_key
from mockletta.hosting.answer_sending import send_answer
from mockletta.http.rendering import Response
from mockletta.http.responses import (
    Answer,
    ClientDisconnect,
    answer_of,
    answered,
    error_response,
    failure_response,
    read_body,
    send_response,
    unmatched,
)
from mockletta.http.routing import Router
from mockletta.http.streams import EventStream
from mockletta.world.request_context import RequestContext
from mockletta.world.worlds import Worlds

if TYPE_CHECKING:
    from mockletta.faults.answers import ModelAnswer

T = TypeVar("T")
ALIAS, API = "/latest/", "/v1/"
Pending = Answer | Awaitable[Answer]
"""An answer, or what has to be awaited for it."""


class Dispatcher:
    """An ASGI application over a router and the worlds it serves. `max_body` is in bytes,
    `model_answer` makes the answer to a failing model provider, `check_token` raises an ApiError
    for what a client-side access token does not allow."""

    def __init__(
        self,
        router: Router,
        worlds: Worlds,
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
        """Answer a request whose body has come whole. If its answer has to be waited for, return
        the application that goes on with it.

        While turns are under way every request waits for its turn among the tasks, so that they
        are processed in the order in which they came.
        """
        try:
            context = admit(self.worlds, scope)
        except ApiError as error:
            return error_response(error)
        if context.world.tasks:
            return partial(self._read_and_answer, context)
        answer = self._match(context) or self._call(context, body)
        if isinstance(answer, Response) and not _is_struck(context):
            context.record(answer)
            context.entry.finish()
            return answer
        return partial(self._finish, context, answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            context = admit(self.worlds, scope)
        except ApiError as error:
            await send_response(error_response(error), send)
        else:
            await self._read_and_answer(context, scope, receive, send)

    async def _read_and_answer(
        self, context: RequestContext, scope: Scope, receive: Receive, send: Send
    ) -> None:
        context.receive = receive
        answer: Pending | None = self._match(context)
        if answer is None:
            assert context.endpoint is not None
            try:
                has_body = context.endpoint.has_body
                body = await read_body(receive, self.max_body) if has_body else b""
            except ClientDisconnect:
                context.record_left()
                return
            answer = self._call(context, body)
        await self._finish(context, answer, scope, receive, send)

    def _match(self, context: RequestContext) -> Response | None:
        """Find the endpoint. Returns the response if there is none for this client."""
        return _attempt(self._matched, context)

    def _matched(self, context: RequestContext) -> Response | None:
        malformed_user = context.headers.malformed_user
        if malformed_user is not None:
            raise InvalidId("user", "user", malformed_user)
        path = context.path
        if path.startswith(ALIAS):
            path = context.path = API + path[len(ALIAS) :]
        match = self.router.match(context.method, path)
        if context.refused and needs_key(match.endpoint.operation if match else ""):
            raise Unauthorized
        if match is None:
            return unmatched(self.router, context.scope, path)
        context.match(match.endpoint, match.params)
        return None

    def _call(self, context: RequestContext, body: bytes) -> Pending:
        """Run the handler. Returns what it answers, or the response to what it raises."""
        return _attempt(partial(self._called, body), context)

    def _called(self, body: bytes, context: RequestContext) -> Pending:
        assert context.endpoint is not None
        if context.endpoint.has_body:
            if len(body) > self.max_body:
                raise PayloadTooLarge(self.max_body)
            context.take_body(body)
        if context.headers.is_token and not context.refused and needs_key(context.operation):
            self.check_token(context)
        if context.headers.fault is None and not context.world.faults.pending:
            result = context.call()
            return _awaited(result) if isinstance(result, CoroutineType) else answer_of(result)
        from mockletta.hosting.fault_injection import respond  # noqa: PLC0415 - few are struck

        return respond(context, self.model_answer)

    async def _finish(
        self, context: RequestContext, answer: Pending, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Wait for the answer and send it."""
        context.receive = receive
        if not isinstance(answer, Response | EventStream):
            try:
                answer = await answered(answer, scope)
            except ClientDisconnect:
                context.record_left()
                return
        if isinstance(answer, Response) and not _is_struck(context):
            await send_answer(context, answer, send)
            return
        from mockletta.hosting.fault_injection import tell_struck  # noqa: PLC0415 - few are struck

        await tell_struck(context, answer, self.model_answer, send)


async def _awaited(result: "CoroutineType[object, object, object]") -> Answer:
    return answer_of(await result)


def _attempt(step: Callable[[RequestContext], T], context: RequestContext) -> T | Response:
    try:
        return step(context)
    except Exception as error:  # noqa: BLE001 - it is answered
        return failure_response(error, context.scope)


def _is_struck(context: RequestContext) -> bool:
    return context.injection is not None or context.response_fault is not None
