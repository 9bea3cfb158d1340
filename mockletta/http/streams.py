"""Responses that last: streams of events, and bodies that are sent piece by piece.

sse-starlette serves them: it notices when the client leaves and when the server stops. Its own
keep-alive comments and cache headers are off, since Letta sends neither [10].
"""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from mockletta.http.rendering import Response
from mockletta.http.sse import Chunk, encode
from mockletta.state.event_log import Events

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

SECONDS_TO_END = 0.9
"""How long a stream may take to end by itself when the server stops."""
STREAM_TYPE = (b"content-type", b"text/event-stream; charset=utf-8")
STREAM_HEAD = Response(200, [STREAM_TYPE], b"")


class EventStream(NamedTuple):
    """A stream of events: `whole` if they are all known, else `follow()` yields what is ready."""

    whole: Events | None
    follow: Callable[[], AsyncIterator[Events]]


Answer: TypeAlias = Response | EventStream
"""What a request is answered."""


class LastingResponse(NamedTuple):
    """A response that is sent chunk by chunk; `head` is its start."""

    head: Response
    chunks: AsyncIterator[Chunk]


async def chunks_of(groups: AsyncIterator[Events]) -> AsyncIterator[Chunk]:
    """One chunk for the events that come together."""
    async for events in groups:
        yield Chunk(encode(events), events)


async def serve_lasting(
    head: Response, body: AsyncIterator[bytes], scope: "Scope", receive: "Receive", send: "Send"
) -> None:
    """Send a body piece by piece until it ends, the client leaves or the server stops."""
    from sse_starlette.sse import EventSourceResponse  # noqa: PLC0415 - most streams do not last

    response = EventSourceResponse(
        body,
        status_code=head.status,
        sep="\n",
        ping=0,
        shutdown_grace_period=SECONDS_TO_END,
    )
    response.raw_headers = head.headers
    await response(scope, receive, send)
