"""Connections of uvicorn that answer at once if they can, and that a fault can reset.

uvicorn starts a task for each request. Most answers of this server are ready as soon as the request
has arrived completely, so they are written directly from the callback of the HTTP parser: the fast
path. It relies on a private method of uvicorn's protocol for httptools. uvicorn uses that protocol
if httptools is installed, as it is with this package. A request whose headers are known does not
need the parser either.
"""

import asyncio
import logging
import socket
import struct
from collections.abc import Awaitable, Callable
from functools import lru_cache, partial
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Scope
from uvicorn._types import ASGIVersions, HTTPScope
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from mockletta.hosting.answer_sending import PushedAnswer
from mockletta.hosting.client_hints import hint_at_tls
from mockletta.hosting.dispatch import Begun
from mockletta.hosting.idle_timeout import TimedConnection
from mockletta.hosting.known_heads import KnownHeads, KnownRequest
from mockletta.http.connection_resets import CLOSE, RESET
from mockletta.http.rendering import Response
from mockletta.state.timers import Outbox

logger = logging.getLogger("mockletta")
Begin = Callable[[Scope, bytes], Begun]
HOOK = "_start_asgi_task"
"""The method with which uvicorn starts the task of a request; since uvicorn 0.45."""
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER without any time: closing discards unsent bytes and resets the connection."""
MOST_HEAD = 256 * 1024
"""The size in bytes of a request's line and headers."""
_REASON = b'{"detail":"The head of the request is larger than %d bytes"}' % MOST_HEAD
HEAD_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: application/json\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(_REASON), _REASON)
)
MOST_ROUNDS = 1_000
"""The rounds of the loop for which a reset waits until everything is sent."""


class Connection(TimedConnection):
    """A connection whose requests can reset it and write to it.

    An application with a `begin` method answers at once if it can. Such an answer needs no task and
    no ASGI messages. All connections to it share its `heads`.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **settings)
        self._begin: Begin | None = getattr(self.config.app, "begin", None)
        self._heads: KnownHeads | None = getattr(self.config.app, "heads", None)
        self._asgi: ASGIVersions = {"version": self.config.asgi_version, "spec_version": "2.3"}
        self._waiting: RequestResponseCycle | None = None
        self._unparsed = b""
        self._messages = 0
        self._is_in_message = False
        self._is_in_head = False
        self._head_size = 0
        self._answered: RequestResponseCycle | None = None
        self._writer: _Writer | None = None
        self._has_begun = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _Extended(self.app, transport)

    def data_received(self, data: bytes) -> None:
        if not self._has_begun:
            self._has_begun = True
            hint_at_tls(data)
        if self._head_size + len(data) > MOST_HEAD and self._is_in_head:
            self._refuse_head()
        elif self._begin is None or self._heads is None or self._is_in_message:
            self._parse(data)
        else:
            self._receive(data, self._begin, self._heads)

    def _parse(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_in_head:
            self._head_size += len(data)

    def _receive(self, data: bytes, begin: Begin, heads: KnownHeads) -> None:
        """Answer a request with a known head when it is complete, or parse it and remember its
        head."""
        data, self._unparsed = self._unparsed + data, b""
        is_free = self.cycle is None or self.cycle.response_complete
        request = heads.read(data) if is_free and not self.flow.write_paused else None
        if request is None:
            self._parse_one(data, heads)
            return
        self._unset_keepalive_if_required()
        if request.missing:
            self._unparsed = data
        else:
            self._answer_known(request, begin)

    def _parse_one(self, data: bytes, heads: KnownHeads) -> None:
        self._messages = 0
        self._parse(data)
        if self._messages == 1 and not self._is_in_head and self.cycle.keep_alive:
            heads.remember(data, self.headers)

    def _answer_known(self, request: KnownRequest, begin: Begin) -> None:
        scope = self._scope_of(request)
        begun = begin(scope, request.body)
        if isinstance(begun, Response):
            self._write(begun)
            self.on_response_complete()
        else:
            self._answered = self.cycle = self._cycle_of(scope, request.body)
            self._answer(begun, self.cycle)

    def _scope_of(self, request: KnownRequest) -> Scope:
        """Return the scope that the parser would make of a request."""
        return {
            "type": "http",
            "asgi": self._asgi,
            "http_version": "1.1",
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "method": request.method,
            "root_path": self.root_path,
            "path": request.path.decode(),
            "raw_path": request.path,
            "query_string": request.query,
            "headers": request.headers,
            "state": self.app_state.copy(),
        }

    def _cycle_of(self, scope: Scope, body: bytes) -> RequestResponseCycle:
        """Return the cycle that the parser would make of a request."""
        cycle = RequestResponseCycle(
            scope=cast("HTTPScope", scope),
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=True,
            on_response=self.on_response_complete,
        )
        cycle.body += body
        cycle.more_body = False
        cycle.message_event.set()
        return cycle

    def _parse_rest(self) -> None:
        """Parse the known request that is incomplete, if there is one. Until then uvicorn takes the
        connection for idle."""
        data, self._unparsed = self._unparsed, b""
        if data:
            self._parse(data)

    def shutdown(self) -> None:
        self._parse_rest()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        self._parse_rest()
        super().connection_lost(exc)
        if self._answered is not None:  # uvicorn tells only the last of several pipelined requests
            self._answered.disconnected = True
            self._answered.message_event.set()
        self._start_task()
        self._notify_writer(is_closed=True)
        # they refer to the connection, which would stay until garbage is collected
        self.cycle = self._answered = self._writer = None  # type: ignore[assignment]

    def pause_writing(self) -> None:
        super().pause_writing()
        self._notify_writer(is_ready=False)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._notify_writer(is_ready=True)

    def _notify_writer(self, *, is_ready: bool = False, is_closed: bool = False) -> None:
        """Tell the writer of a stream how the connection has changed."""
        if self._writer is not None:
            self._writer.is_ready, self._writer.is_closed = is_ready, is_closed
            self._writer.on_change()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401
        """Wait for the end of the request, unless it needs a task now."""
        self._answered = cycle
        if self._begin is not None and self._can_wait(cycle):
            self._waiting = cycle
        else:
            super()._start_asgi_task(cycle, app)

    def _can_wait(self, cycle: RequestResponseCycle) -> bool:
        """Return whether the end of the request has not arrived yet and its answer can be written
        then: all of it in one piece, to a client that reads."""
        if cycle.waiting_for_100_continue or not cycle.keep_alive or self.flow.write_paused:
            return False
        return cycle.more_body and cycle.scope["method"] != "HEAD"

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._messages += 1
        self._is_in_message = self._is_in_head = True
        self._head_size = 0

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._is_in_head = False

    def _refuse_head(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(HEAD_TOO_LARGE)
            self.transport.close()

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if len(self.cycle.body) > HIGH_WATER_LIMIT:
            self._start_task()

    def _start_task(self) -> None:
        """Start a task for the request that is waiting, if there is one. It waits for the rest of a
        long body, or learns that the client has left."""
        cycle, self._waiting = self._waiting, None
        if cycle is not None:
            super()._start_asgi_task(cycle, self.app)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_in_message = False
        cycle, self._waiting = self._waiting, None
        if cycle is not None and self._begin is not None:
            self._answer(self._begin(cast("Scope", cycle.scope), bytes(cycle.body)), cycle)

    def _answer(self, begun: Begun, cycle: RequestResponseCycle) -> None:
        if isinstance(begun, Response):
            cycle.response_started = True
            self._write(begun)
            self.complete(cycle)
        elif isinstance(begun, PushedAnswer):
            self._writer = _Writer(self, cycle)
            begun.start(self._writer)
        else:
            self.go_on_with(begun, cycle)

    def go_on_with(self, app: ASGIApp, cycle: RequestResponseCycle) -> None:
        """Start a task in which an application answers a request, or continues its answer."""
        super()._start_asgi_task(cycle, _Extended(app, self.transport))

    def _write(self, answer: Response) -> None:
        head, body = self.head_of(answer), answer.body
        self.transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (head, len(body), body))

    def head_of(self, answer: Response) -> bytes:
        """Return an answer's head, without its last header and the empty line."""
        return _head(answer.status, (*self.server_state.default_headers, *answer.headers))

    def complete(self, cycle: RequestResponseCycle) -> None:
        """Get ready for the next request."""
        cycle.response_complete = True
        self._writer = None
        if not cycle.keep_alive:  # the server stops
            self.transport.close()
        self.on_response_complete()


@lru_cache(64)
def _head(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """Render a status line and headers. Most answers of a second have the same ones."""
    return b"".join((STATUS_LINE[status], *[b"%b: %b\r\n" % pair for pair in headers]))


def warn_without_fast_path(protocol: type = HttpToolsProtocol) -> None:
    """Log a warning if this version of uvicorn has no hook for the fast path."""
    if not hasattr(protocol, HOOK):
        logger.warning(
            "uvicorn %s has no %s.%s, so every request takes a task and answers are slower. Please "
            "report this; until it is mended, install a uvicorn that mockletta was tested with.",
            uvicorn.__version__,
            protocol.__name__,
            HOOK,
        )


class _Extended:
    """An application that adds the reset of the connection to each scope."""

    def __init__(self, app: Any, transport: asyncio.Transport) -> None:  # noqa: ANN401
        self._app = app
        self._transport = transport

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:  # noqa: ANN401
        transport = self._transport
        scope["extensions"] = {RESET: partial(_reset, transport), CLOSE: transport.close}
        answered: Awaitable[None] = self._app(scope, receive, send)
        return answered


async def _reset(transport: asyncio.Transport) -> None:
    """Send the bytes that are already written, then reset."""
    for _ in range(MOST_ROUNDS):
        if not transport.get_write_buffer_size():
            break
        await asyncio.sleep(0)
    connected = transport.get_extra_info("socket")
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    transport.abort()


class _Writer:
    """Writes the chunks of a body directly to the transport. The connection tells it about
    changes."""

    __slots__ = (
        "_connection",
        "_cycle",
        "_outbox",
        "_unwritten",
        "_write",
        "is_closed",
        "is_ready",
        "on_change",
    )

    def __init__(self, connection: Connection, cycle: RequestResponseCycle) -> None:
        self._connection = connection
        self._cycle = cycle
        self._write = connection.transport.write
        self._unwritten = b""
        self.is_ready = True
        self.is_closed = False
        self.on_change: Callable[[], None] = _ignore

    def when_changed(self, call: Callable[[], None]) -> None:
        self.on_change = call

    def start(self, head: Response, outbox: Outbox) -> None:
        self._cycle.response_started = self._cycle.chunked_encoding = True
        self._unwritten = self._connection.head_of(head) + b"transfer-encoding: chunked\r\n\r\n"
        self._outbox = outbox

    def flush(self) -> None:
        data, self._unwritten = self._unwritten, b""
        if data:
            self._write(data)

    def write(self, data: bytes) -> None:
        self._unwritten += b"%x\r\n%b\r\n" % (len(data), data)
        self.flush()

    def write_soon(self, data: bytes) -> None:
        self._unwritten += b"%x\r\n%b\r\n" % (len(data), data)
        if len(self._unwritten) < HIGH_WATER_LIMIT:
            self._outbox.append(self.flush)
        else:
            self.flush()

    def end(self, data: bytes) -> None:
        chunk = b"%x\r\n%b\r\n" % (len(data), data) if data else b""
        self._write(b"%b%b0\r\n\r\n" % (self._unwritten, chunk))
        self._unwritten = b""
        self._connection.complete(self._cycle)

    def go_on_with(self, app: ASGIApp) -> None:
        self.flush()
        self._connection.go_on_with(app, self._cycle)


def _ignore() -> None:
    """Do nothing: the callback of a writer without a listener."""
