"""Sending an answer to the client, and recording in the journal what was sent."""

from collections.abc import AsyncIterator
from functools import partial

from starlette.types import Send

from mockletta.http.rendering import Response
from mockletta.http.responses import Answer, send_response
from mockletta.http.sse import EventStream, serve_stream
from mockletta.world.request_context import RequestContext


async def send_answer(context: RequestContext, answer: Answer, send: Send) -> None:
    """Send the answer to a request."""
    entry = context.entry
    if isinstance(answer, Response):
        context.record(answer)
        await send_response(answer, send)
    else:
        entry.status, entry.response_headers = answer.head.status, answer.head.headers
        recorded = EventStream(None, partial(_recorded, context, answer.follow()), answer.head)
        await serve_stream(recorded, context.scope, context.receive, send)
    entry.finish()


async def _recorded(context: RequestContext, frames: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Frames, each recorded as it is sent."""
    entry = context.entry
    entry.left_early = True
    async for joined in frames:
        entry.sent(joined)
        yield joined
    entry.left_early = False
