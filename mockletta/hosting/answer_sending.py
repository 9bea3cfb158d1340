"""Sending an answer to the client, and recording in the journal what was sent."""

from collections.abc import AsyncIterator, Callable

from starlette.types import Send

from mockletta.http.rendering import Response
from mockletta.http.responses import send_response
from mockletta.http.sse import Chunk, encode
from mockletta.http.streaming import (
    STREAM_HEAD,
    BodyWriter,
    EventStream,
    LastingResponse,
    serve_lasting,
)
from mockletta.state.event_log import Events, count
from mockletta.world.request_context import RequestContext


async def send_answer(
    context: RequestContext, answer: Response | LastingResponse, send: Send
) -> None:
    """Send the answer to a request."""
    entry = context.entry
    if isinstance(answer, Response):
        entry.record(answer)
        await send_response(answer, send)
    else:
        head = answer.head
        entry.status, entry.response_headers = head.status, head.headers
        recorded = _recorded(context, answer.chunks)
        await serve_lasting(head, recorded, context.scope, context.receive, send)
        entry.finish()


async def send_pushed(
    context: RequestContext, stream: EventStream, writer: BodyWriter, send: Send
) -> None:
    """Send a stream whose events are written to the connection as soon as they are logged.

    If a rule asks for a fault meanwhile, the rest is sent with that.
    """
    assert stream.push is not None
    entry = context.entry
    entry.status, entry.response_headers = STREAM_HEAD.status, STREAM_HEAD.headers
    start = {"status": STREAM_HEAD.status, "headers": STREAM_HEAD.headers}
    await send({"type": "http.response.start", **start})
    entry.left_early = True
    sink = _Sink(context, writer)
    try:
        await stream.push(sink)
    finally:
        writer.when_changed(_nothing)
    if context.rule_fault is not None and not writer.is_closed:
        from mockletta.hosting.fault_injection import send_rest  # noqa: PLC0415 - few have faults

        await send_rest(context, sink.sent, stream, send)
        return
    entry.left_early = writer.is_closed
    await send({"type": "http.response.body", "body": b""})
    entry.finish()


def _nothing() -> None:
    """What is called of a connection that nobody writes to."""


class _Sink:
    """Records events and writes their frames, as long as no rule asks for a fault."""

    def __init__(self, context: RequestContext, writer: BodyWriter) -> None:
        self._context = context
        self._writer = writer
        self._entry = context.entry
        self.sent = 0

    @property
    def is_ready(self) -> bool:
        return self._context.rule_fault is None and self._writer.is_ready

    @property
    def is_closed(self) -> bool:
        return self._context.rule_fault is not None or self._writer.is_closed

    def when_changed(self, call: Callable[[], None]) -> None:
        self._writer.when_changed(call)

    def send(self, events: Events) -> None:
        data = encode(events)
        self.sent += count(events)
        self._entry.sent(Chunk(data, events))
        self._writer.write(data)


async def _recorded(context: RequestContext, chunks: AsyncIterator[Chunk]) -> AsyncIterator[bytes]:
    """The bytes of some chunks, each recorded as it is sent."""
    entry = context.entry
    entry.left_early = True
    async for chunk in chunks:
        entry.sent(chunk)
        yield chunk.data
    entry.left_early = False
