"""Server-Sent Events: a stream that is known whole is one body, one that lasts is followed.

sse-starlette serves the lasting ones: it notices when the client leaves and when the server stops.
Its own keep-alive comments and cache headers are off, since the server sends neither [10].
"""

from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

from sse_starlette.sse import EventSourceResponse
from starlette.types import Receive, Scope, Send

SECONDS_TO_END = 0.9
"""How long a stream may take to end by itself when the server stops."""
STREAM_TYPE = (b"content-type", b"text/event-stream; charset=utf-8")


class EventStream(NamedTuple):
    """A stream of events: `whole` if they are all known, else `follow()` yields what is ready."""

    whole: bytes | None
    follow: Callable[[], AsyncIterator[bytes]]


async def serve_stream(stream: EventStream, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a lasting stream until it ends, the client leaves or the server stops."""
    response = EventSourceResponse(
        stream.follow(), sep="\n", ping=0, shutdown_grace_period=SECONDS_TO_END
    )
    response.raw_headers = [STREAM_TYPE]
    await response(scope, receive, send)
