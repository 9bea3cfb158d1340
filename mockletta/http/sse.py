"""Server-Sent Events: a stream that is known whole is one body, one that lasts is followed.

sse-starlette serves the lasting ones: it notices when the client leaves and when the server stops.
Its own keep-alive comments and cache headers are off, since the server sends neither [10].
"""

from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

from starlette.types import Receive, Scope, Send

from mockletta.http.rendering import Response

SECONDS_TO_END = 0.9
"""How long a stream may take to end by itself when the server stops."""
STREAM_TYPE = (b"content-type", b"text/event-stream; charset=utf-8")
STREAM_HEAD = Response(200, [STREAM_TYPE], b"")


class EventStream(NamedTuple):
    """A stream of events: `whole` if they are all known, else `follow()` yields what is ready.

    `head` is the start of its response, if that is another than a stream's own.
    """

    whole: bytes | None
    follow: Callable[[], AsyncIterator[bytes]]
    head: Response = STREAM_HEAD


async def serve_stream(stream: EventStream, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a lasting stream until it ends, the client leaves or the server stops."""
    from sse_starlette.sse import EventSourceResponse  # noqa: PLC0415 - most streams do not last

    response = EventSourceResponse(
        stream.follow(),
        status_code=stream.head.status,
        sep="\n",
        ping=0,
        shutdown_grace_period=SECONDS_TO_END,
    )
    response.raw_headers = stream.head.headers
    await response(scope, receive, send)
