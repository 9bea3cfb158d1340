"""Sends an answer to the client, and records in the journal what was sent."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from starlette.types import Receive, Scope, Send

from mockletta.http.rendering import Response
from mockletta.http.responses import send_response
from mockletta.http.sse import Chunk, around_texts, encode
from mockletta.http.streaming import (
    STREAM_HEAD,
    BodyWriter,
    BurstSender,
    ChunkedResponse,
    EventSink,
    serve_chunked,
)
from mockletta.journal.burst_recorder import BurstRecorder
from mockletta.state.event_log import Burst, Events, count
from mockletta.world.request_context import RequestContext


async def send_answer(
    context: RequestContext, answer: Response | ChunkedResponse, send: Send
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
        await serve_chunked(head, recorded, context.scope, context.receive, send)
        entry.finish()


class PushedAnswer:
    """A stream whose events are recorded, and written to their connection, as soon as they are
    logged.

    `send_rest` is an application that sends the events after a number. It continues if a rule asks
    for a fault meanwhile.
    """

    def __init__(
        self,
        context: RequestContext,
        push: Callable[[EventSink], None],
        send_rest: Callable[[int, Scope, Receive, Send], Awaitable[None]],
    ) -> None:
        self._context = context
        self._entry = context.entry
        self._push = push
        self._send_rest = send_rest
        self._sent = 0
        self._sender: _BurstSender | None = None
        self._writer: BodyWriter

    def start(self, writer: BodyWriter) -> None:
        """Start the response."""
        entry, self._writer = self._entry, writer
        entry.status, entry.response_headers = STREAM_HEAD.status, STREAM_HEAD.headers
        entry.left_early = True
        writer.start(STREAM_HEAD, self._context.world.clock.outbox())
        self._push(self)
        writer.flush()

    @property
    def is_ready(self) -> bool:
        return self._writer.is_ready and self._context.rule_fault is None

    @property
    def is_closed(self) -> bool:
        return self._writer.is_closed or self._context.rule_fault is not None

    def when_changed(self, call: Callable[[], None]) -> None:
        self._writer.when_changed(call)

    def send(self, events: Events) -> None:
        self._writer.write(self._record_frames(events))

    def _record_frames(self, events: Events) -> bytes:
        """Record events that are sent now, and return their frames."""
        data = encode(events)
        self._sent += count(events)
        self._entry.sent(Chunk(data, events))
        return data

    def start_burst(self, burst: Burst, first: int) -> BurstSender:
        self._count_burst()
        recorder = self._entry.start_burst(burst, first)
        self._sender = _BurstSender(burst, first, recorder, self._writer.write_soon)
        return self._sender

    def _count_burst(self) -> None:
        if self._sender is not None:
            self._sent += self._sender.sent
            self._sender = None

    def end(self, last: Events = ()) -> None:
        self._count_burst()
        data = self._record_frames(last) if last else b""
        self._writer.when_changed(_nothing)
        if self._writer.is_closed:
            self._entry.finish()
        elif self._context.rule_fault is not None:
            self._writer.go_on_with(partial(self._send_rest, self._sent))
        else:
            self._entry.left_early = False
            self._entry.finish()
            self._writer.end(data)


class _BurstSender:
    """Sends the events of a burst from a place on when they are due, and records them."""

    __slots__ = ("_after", "_before", "_next", "_recorder", "_texts", "_write")

    def __init__(
        self, burst: Burst, first: int, recorder: BurstRecorder, write: Callable[[bytes], None]
    ) -> None:
        self._before, self._after = around_texts(burst)
        self._texts = burst.texts
        self._next = first
        self._recorder = recorder
        self._write = write

    @property
    def sent(self) -> int:
        return self._recorder.count

    def send(self, number: int) -> None:
        before, first, after = self._before, self._next, self._after
        self._next = first + number
        if number == 1:
            text = self._texts[first]
        else:
            text = (after + before).join(self._texts[first : first + number])
        frames = before + text + after
        self._recorder.record(number, len(frames))
        self._write(frames)


def _nothing() -> None:
    """Do nothing: the callback of a connection without a writer."""


async def _recorded(context: RequestContext, chunks: AsyncIterator[Chunk]) -> AsyncIterator[bytes]:
    """Yield the bytes of some chunks, and record each as it is sent."""
    entry = context.entry
    entry.left_early = True
    async for chunk in chunks:
        entry.sent(chunk)
        yield chunk.data
    entry.left_early = False
