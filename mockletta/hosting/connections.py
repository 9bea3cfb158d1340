"""Connections that a fault can reset: uvicorn's own do not show what they are made of.

uvicorn chooses httptools where it is installed, which it is with us.
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any, cast

from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from mockletta.http.connection_resets import RESET
from mockletta.http.rendering import Response

Begin = Callable[[Scope, bytes], Response | ASGIApp]

AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER without any time: closing throws away what is unsent and resets the connection."""
MOST_TURNS = 1_000


class Connection(HttpToolsProtocol):
    """One connection, whose requests know how to reset it.

    If the application has a `begin`, it is asked first whether it can answer without waiting, and
    what is answered so is written at once: no task is made for it, no message goes to and fro.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **settings)
        self._begin: Begin | None = getattr(self.config.app, "begin", None)
        self._unbegun: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _Resettable(self.app, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._go_on_waiting()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401
        if self._begin is not None and self._is_plain(cycle):
            self._unbegun = cycle
        else:
            super()._start_asgi_task(cycle, app)

    def _is_plain(self, cycle: RequestResponseCycle) -> bool:
        """Whether its end is yet to come, nothing but the answer is to be written then, and the
        client takes what is written."""
        if cycle.waiting_for_100_continue or not cycle.keep_alive or self.flow.write_paused:
            return False
        return cycle.more_body and cycle.scope["method"] != "HEAD"

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if len(self.cycle.body) > HIGH_WATER_LIMIT:
            self._go_on_waiting()

    def _go_on_waiting(self) -> None:
        """Let the application wait itself for what is still to come of a request, if anything is:
        the rest of a long body, or that the client has left."""
        cycle, self._unbegun = self._unbegun, None
        if cycle is not None:
            super()._start_asgi_task(cycle, self.app)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        cycle, self._unbegun = self._unbegun, None
        if cycle is not None and self._begin is not None:
            begun = self._begin(cast("Scope", cycle.scope), bytes(cycle.body))
            if isinstance(begun, Response):
                self._write(begun, cycle)
            else:
                super()._start_asgi_task(cycle, _Resettable(begun, self.transport))

    def _write(self, answer: Response, cycle: RequestResponseCycle) -> None:
        parts = [STATUS_LINE[answer.status]]
        for name, value in (*self.server_state.default_headers, *answer.headers):
            parts += (name, b": ", value, b"\r\n")
        parts += (b"content-length: %d\r\n\r\n" % len(answer.body), answer.body)
        cycle.response_started = cycle.response_complete = True
        self.transport.write(b"".join(parts))
        self.on_response_complete()


class _Resettable:
    """An application that finds in each scope how to reset the connection."""

    def __init__(self, app: Any, transport: asyncio.Transport) -> None:  # noqa: ANN401
        self._app = app
        self._transport = transport
        self._extensions = {RESET: self._reset}

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:  # noqa: ANN401
        scope["extensions"] = self._extensions
        answered: Awaitable[None] = self._app(scope, receive, send)
        return answered

    async def _reset(self) -> None:
        """Send what is written already, then reset."""
        for _ in range(MOST_TURNS):
            if not self._transport.get_write_buffer_size():
                break
            await asyncio.sleep(0)
        made_of = self._transport.get_extra_info("socket")
        made_of.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self._transport.abort()
