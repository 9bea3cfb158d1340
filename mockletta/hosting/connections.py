"""Connections of uvicorn that answer at once what needs no waiting, and that a fault can reset.

uvicorn starts a task for each request. Most answers of this server are ready as soon as the request
has come whole, so they are written straight from the callback of the HTTP parser: the fast path. It
rests on a private method of uvicorn's protocol for httptools, which uvicorn uses where httptools is
installed, as it is with this package.
"""

import asyncio
import logging
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from mockletta.http.connection_resets import RESET
from mockletta.http.rendering import Response
from mockletta.http.streaming import WRITER

logger = logging.getLogger("mockletta")
Begin = Callable[[Scope, bytes], Response | ASGIApp]
HOOK = "_start_asgi_task"
"""The method with which uvicorn starts the task of a request; from uvicorn 0.45 on."""
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER without any time: closing throws away what is unsent and resets the connection."""
MOST_ROUNDS = 1_000
"""How many rounds of the loop a reset waits for until everything is sent."""


class Connection(HttpToolsProtocol):
    """One connection, whose requests can reset it and write to it. An application with a `begin`
    method answers at once what it can.

    No task is started for such an answer, and no ASGI message is sent.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **settings)
        self._begin: Begin | None = getattr(self.config.app, "begin", None)
        self._waiting: RequestResponseCycle | None = None
        self.when_writable: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _Extended(self.app, transport, self)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._start_task()
        self._tell_writer()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._tell_writer()

    def _tell_writer(self) -> None:
        if self.when_writable is not None:
            self.when_writable()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401
        """Wait for the end of the request, unless a task has to be started for it now."""
        if self._begin is not None and self._can_wait(cycle):
            self._waiting = cycle
        else:
            super()._start_asgi_task(cycle, app)

    def _can_wait(self, cycle: RequestResponseCycle) -> bool:
        """Whether the end of the request is still to come, and its answer can be written then: all
        of it in one piece, to a client that reads what is written."""
        if cycle.waiting_for_100_continue or not cycle.keep_alive or self.flow.write_paused:
            return False
        return cycle.more_body and cycle.scope["method"] != "HEAD"

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if len(self.cycle.body) > HIGH_WATER_LIMIT:
            self._start_task()

    def _start_task(self) -> None:
        """Start a task for the request that is waited for, if there is one. It waits for the rest
        of a long body, or learns that the client has left."""
        cycle, self._waiting = self._waiting, None
        if cycle is not None:
            super()._start_asgi_task(cycle, self.app)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        cycle, self._waiting = self._waiting, None
        if cycle is not None and self._begin is not None:
            begun = self._begin(cast("Scope", cycle.scope), bytes(cycle.body))
            if isinstance(begun, Response):
                self._write(begun, cycle)
            else:
                super()._start_asgi_task(cycle, _Extended(begun, self.transport, self))

    def _write(self, answer: Response, cycle: RequestResponseCycle) -> None:
        parts = [STATUS_LINE[answer.status]]
        for name, value in (*self.server_state.default_headers, *answer.headers):
            parts += (name, b": ", value, b"\r\n")
        parts += (b"content-length: %d\r\n\r\n" % len(answer.body), answer.body)
        cycle.response_started = cycle.response_complete = True
        self.transport.write(b"".join(parts))
        self.on_response_complete()


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
    """An application that finds in each scope how to reset the connection and to write to it."""

    def __init__(
        self,
        app: Any,  # noqa: ANN401
        transport: asyncio.Transport,
        connection: Connection | None = None,
    ) -> None:
        self._app = app
        self._transport = transport
        self._connection = connection

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:  # noqa: ANN401
        extensions: dict[str, object] = {RESET: self._reset}
        connection = self._connection
        if connection is not None and connection.cycle.scope is scope and scope["method"] != "HEAD":
            extensions[WRITER] = _Writer(connection)
        scope["extensions"] = extensions
        answered: Awaitable[None] = self._app(scope, receive, send)
        return answered

    async def _reset(self) -> None:
        """Send what is written already, then reset."""
        for _ in range(MOST_ROUNDS):
            if not self._transport.get_write_buffer_size():
                break
            await asyncio.sleep(0)
        connected = self._transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self._transport.abort()


class _Writer:
    """Writes chunks of a body straight to the transport; uvicorn writes what comes before and after
    them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cycle = connection.cycle
        self._transport = connection.transport

    @property
    def is_ready(self) -> bool:
        return not (self._connection.flow.write_paused or self._cycle.disconnected)

    @property
    def is_closed(self) -> bool:
        return self._cycle.disconnected

    def when_changed(self, call: Callable[[], None]) -> None:
        self._connection.when_writable = call

    def write(self, data: bytes) -> None:
        self._transport.write(b"%x\r\n%b\r\n" % (len(data), data))
