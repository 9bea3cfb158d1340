"""Sending an answer to the client, and recording in the journal what was sent."""

from collections.abc import AsyncIterator

from starlette.types import Send

from mockletta.http.rendering import Response
from mockletta.http.responses import send_response
from mockletta.http.sse import Chunk
from mockletta.http.streams import (
    STREAM_HEAD,
    Answer,
    EventStream,
    LastingResponse,
    chunks_of,
    serve_lasting,
)
from mockletta.world.request_context import RequestContext


async def send_answer(
    context: RequestContext, answer: Answer | LastingResponse, send: Send
) -> None:
    """Send the answer to a request."""
    entry = context.entry
    if isinstance(answer, Response):
        entry.record(answer)
        await send_response(answer, send)
    else:
        if isinstance(answer, EventStream):
            answer = LastingResponse(STREAM_HEAD, chunks_of(answer.follow()))
        head = answer.head
        entry.status, entry.response_headers = head.status, head.headers
        recorded = _recorded(context, answer.chunks)
        await serve_lasting(head, recorded, context.scope, context.receive, send)
        entry.finish()


async def _recorded(context: RequestContext, chunks: AsyncIterator[Chunk]) -> AsyncIterator[bytes]:
    """The bytes of some chunks, each recorded as it is sent."""
    entry = context.entry
    entry.left_early = True
    async for chunk in chunks:
        entry.sent(chunk)
        yield chunk.data
    entry.left_early = False
