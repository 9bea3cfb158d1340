"""Connections that a fault can reset: uvicorn's own do not show what they are made of.

uvicorn chooses httptools where it is installed, which it is with us.
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockletta.http.resets import RESET

AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER without any time: closing throws away what is unsent and resets the connection."""
MOST_TURNS = 1_000


class Connection(HttpToolsProtocol):
    """One connection, whose requests know how to reset it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _Resettable(self.app, transport)


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
