"""Connections over a transport that keeps what is written."""

import asyncio
from typing import Any

from uvicorn.server import ServerState

from mockletta.hosting.application import create_app
from mockletta.hosting.connections import Connection
from mockletta.hosting.uvicorn_server import server_of
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.worlds import Worlds


class Written(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.data = b""
        self.is_closed = False
        self.has_been_closed = False

    def write(self, data: Any) -> None:  # noqa: ANN401
        if self.is_closed:
            raise RuntimeError("the handler is closed")
        self.data += data

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.has_been_closed = True

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def connected(mock: MockLetta) -> tuple[Connection, Written]:
    """A connection of a mock's application on the running loop."""
    config = server_of(create_app(Worlds(mock.world)), Worlds(mock.world)).config
    config.load()
    connection = Connection(config, ServerState(), {})
    connection.connection_made(transport := Written())
    return connection, transport
