"""The path of every request: it is admitted, matched, called and answered.

All of it is synchronous. The asynchronous caller does the waiting: for a body that is incomplete,
an answer that takes time, a client that reads slowly.
"""

from collections.abc import Awaitable
from functools import partial
from typing import TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

from mockletta.api.docs_pages import PAGES
from mockletta.errors import ApiError, InvalidId, PayloadTooLarge, Unauthorized
from mockletta.hosting.answer_sending import PushedAnswer, send_answer
from mockletta.hosting.api_keys import CheckToken, admit, needs_key
from mockletta.hosting.client_hints import ClientHints
from mockletta.http.rendering import Response
from mockletta.http.responses import (
    ClientDisconnect,
    answer_or_wait,
    answered,
    error_response,
    failure_response,
    read_body,
    redirect,
    send_response,
)
from mockletta.http.routing import Match, Router
from mockletta.http.streaming import Answer, ChunkedResponse, EventStream
from mockletta.journal.terminal_text import printable
from mockletta.world.quirks import REDIRECTS
from mockletta.world.request_context import RequestContext
from mockletta.world.worlds import Worlds

ALIAS, API = "/latest/", "/v1/"
Sent: TypeAlias = Answer | ChunkedResponse
Pending: TypeAlias = Sent | Awaitable[Sent]
"""An answer, or an awaitable of it."""
Begun = Response | PushedAnswer | ASGIApp
"""An answer, or its writer, or the application that continues its request."""
FIRST_ERROR = 400
DEPENDS_ON = b"x-mockletta-depends-on"
NEEDS_BODY = Response(0, [], b"")
"""Stands for the answer to a request whose body has not arrived yet. It is never sent."""


class Dispatcher:
    """An ASGI application over a router and the worlds it serves. `max_body` is in bytes,
    `check_token` raises an ApiError for what a client-side access token does not allow."""

    def __init__(
        self,
        router: Router,
        worlds: Worlds,
        max_body: int,
        check_token: CheckToken,
    ) -> None:
        self.router = router
        self.worlds = worlds
        self.max_body = max_body
        self.check_token = check_token
        self._hints = ClientHints()

    def begin(self, scope: Scope, body: bytes) -> Begun:
        """Answer a request whose body has arrived completely. If the answer must be awaited, return
        what writes it, or the application that continues it.

        While turns are in progress, every request waits for its turn among the tasks, so that
        requests are processed in the order of their arrival.
        """
        try:
            context = admit(self.worlds, scope)
        except ApiError as error:
            return error_response(error)
        if context.world.tasks:
            return partial(self._read_and_answer, context)
        answer = self._answer(context, body)
        if not context.has_fault:
            if isinstance(answer, Response):
                context.entry.record(answer)
                return answer
            if isinstance(answer, EventStream) and answer.push is not None:
                return PushedAnswer(context, answer.push, partial(_send_rest, context, answer))
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
        answer = self._answer(context, None)
        if answer is NEEDS_BODY:
            try:
                body = await read_body(receive, self.max_body)
            except ClientDisconnect:
                context.entry.record_left()
                return
            answer = self._answer(context, body)
        await self._finish(context, answer, scope, receive, send)

    def _answer(self, context: RequestContext, body: bytes | None) -> Pending:
        """Answer an admitted request. NEEDS_BODY if it takes a body and `body` is None."""
        try:
            return self._answered(context, body)
        except Exception as error:  # noqa: BLE001 - it is answered
            return _explained(failure_response(error, context.scope), context)

    def _answered(self, context: RequestContext, body: bytes | None) -> Pending:
        match = self._match(context)
        if match is None:
            self._hints.about_path(context, self.router)
            return redirect(context.scope, self.router.alternative(context.path))
        endpoint = match.endpoint
        if endpoint.has_body:
            if body is None:
                return NEEDS_BODY
            if len(body) > self.max_body:
                raise PayloadTooLarge(self.max_body)
            context.take_body(body)
        if context.headers.is_token and needs_key(endpoint.operation):
            context.world.run(partial(self.check_token, context))
        if context.headers.fault is None and not context.world.faults.pending:
            return answer_or_wait(context.call())
        from mockletta.hosting.fault_injection import respond  # noqa: PLC0415 - few have faults

        return respond(context)

    def _match(self, context: RequestContext) -> Match | None:
        if context.headers.old_sdk is not None:
            self._hints.about_sdk(context.headers.old_sdk)
        malformed_user = context.headers.malformed_user
        if malformed_user is not None:
            raise InvalidId("user", "user", malformed_user)
        if context.path.startswith(ALIAS):
            context.path = API + context.path[len(ALIAS) :]
        method = "GET" if context.method == "HEAD" and context.path in PAGES else context.method
        match = self.router.match(method, context.path) or self._other_ending(context)
        if context.refused and needs_key(match.endpoint.operation if match else ""):
            raise Unauthorized
        if match is not None:
            context.match(*match)
        return match

    def _other_ending(self, context: RequestContext) -> Match | None:
        """Match the path with or without a final slash, unless it is redirected there."""
        other = self.router.other_ending(context.path)
        match = self.router.match(context.method, other) if other else None
        if other is None or match is None:
            return None
        quirks, is_on = context.world.quirks, REDIRECTS in context.world.quirks
        instead = f"as {other} is" if is_on else f"a redirect to {other}"
        quirks.record(REDIRECTS, f"{context.method} {context.path}", instead, context.entry)
        if is_on:
            return None
        context.path = other
        return match

    async def _finish(
        self, context: RequestContext, answer: Pending, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Wait for the answer and send it."""
        context.receive = receive
        if not isinstance(answer, Response | EventStream | ChunkedResponse):
            try:
                answer = _explained(await answered(answer, scope), context)
            except ClientDisconnect:
                context.entry.record_left()
                return
        if isinstance(answer, ChunkedResponse) or (
            isinstance(answer, Response) and not context.has_fault
        ):
            await send_answer(context, answer, send)
            return
        from mockletta.hosting.fault_injection import send_with_faults  # noqa: PLC0415 - few have faults

        await send_with_faults(context, answer, send)


def _explained(answer: Sent, context: RequestContext) -> Sent:
    """Add headers to an error that depends on quirks, and so on the profile. They name the quirks
    and how to switch them."""
    if not isinstance(answer, Response) or answer.status < FIRST_ERROR:
        return answer
    told = [printable(one.sentence).encode("ascii", "replace") for one in context.entry.quirks]
    return answer._replace(headers=[*answer.headers, *((DEPENDS_ON, one) for one in told)])


async def _send_rest(
    context: RequestContext,
    stream: EventStream,
    sent: int,
    _: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Send the events of a stream after the first ones, with the fault of a rule."""
    from mockletta.hosting.fault_injection import send_rest  # noqa: PLC0415 - few have faults

    context.receive = receive
    await send_rest(context, sent, stream, send)
