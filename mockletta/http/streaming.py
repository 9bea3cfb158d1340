"""Responses that last: streams of events, and bodies that are sent piece by piece.

sse-starlette serves them: it notices when the client leaves and when the server stops. Its own
keep-alive comments and cache headers are off, since Letta sends neither [10].
"""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from mockletta.http.rendering import Response
from mockletta.http.sse import Chunk, encode
from mockletta.state.event_log import Burst, Events
from mockletta.state.timers import Outbox

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

SECONDS_TO_END = 0.9
"""The seconds that a stream may take to end by itself when the server stops."""
STREAM_TYPE = (b"content-type", b"text/event-stream; charset=utf-8")
STREAM_HEAD = Response(200, (STREAM_TYPE,), b"")


class BurstSender(Protocol):
    """Sends the events of a burst when they are due: `sent` is their number."""

    @property
    def sent(self) -> int: ...

    def send(self, number: int) -> None:
        """Send the next events, so many."""
        ...


class EventSink(Protocol):
    """Takes the events of a stream at once, without a task in between."""

    @property
    def is_ready(self) -> bool:
        """Whether it takes events now."""
        ...

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more events."""
        ...

    def when_changed(self, call: Callable[[], None]) -> None:
        """Set a function to call when it is ready again or closed."""
        ...

    def send(self, events: Events) -> None: ...

    def start_burst(self, burst: Burst, first: int) -> BurstSender:
        """Return what sends the events of a burst when they are due, from a place on."""
        ...

    def end(self, last: Events = ()) -> None:
        """Send the last events if the sink is ready, and end. Call this once."""
        ...


class BodyWriter(Protocol):
    """Writes a response straight to its connection, without a task."""

    @property
    def is_ready(self) -> bool:
        """Whether the client reads what is written."""
        ...

    @property
    def is_closed(self) -> bool:
        """Whether the client has left."""
        ...

    def when_changed(self, call: Callable[[], None]) -> None:
        """Set a function to call when it is ready again or closed."""
        ...

    def start(self, head: Response, outbox: Outbox) -> None:
        """Set the head of the response. It is sent with the first data, or by `flush`."""
        ...

    def flush(self) -> None: ...
    def write(self, data: bytes) -> None: ...

    def write_soon(self, data: bytes) -> None:
        """Write data of a stream that is being resumed: by the outbox, or with the next data."""
        ...

    def end(self, data: bytes) -> None:
        """Write the last data, if there is any, and end the body."""
        ...

    def go_on_with(self, app: "ASGIApp") -> None:
        """Start a task with an application that sends the rest of the body."""
        ...


class EventStream(NamedTuple):
    """A stream of events: `pull()` yields those that are ready.

    A stream that has a `push` can send its events to a sink instead, until it ends or the sink is
    closed; `pull()` continues from there.
    """

    pull: Callable[[], AsyncIterator[Events]]
    push: Callable[[EventSink], None] | None = None


def finished_stream(events: Events) -> Response:
    """Return the response with a stream's events, all of which are known."""
    return Response(200, STREAM_HEAD.headers, encode(events), events)


Answer: TypeAlias = Response | EventStream
"""The answer to a request."""


class ChunkedResponse(NamedTuple):
    """A response that is sent chunk by chunk; `head` is its start."""

    head: Response
    chunks: AsyncIterator[Chunk]


async def serve_chunked(
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
    response.raw_headers = list(head.headers)
    await response(scope, receive, send)
