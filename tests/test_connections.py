"""Connections that a fault resets."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from mockletta.connections import MOST_TURNS, _Resettable
from mockletta.http.resets import RESET


class Transport(asyncio.Transport):
    """A transport over a real socket, with so many bytes unsent each time it is asked."""

    def __init__(self, unsent: Iterator[int], made_of: socket.socket) -> None:
        super().__init__({"socket": made_of})
        self._unsent = unsent
        self._made_of = made_of

    def get_write_buffer_size(self) -> int:
        return next(self._unsent)

    def abort(self) -> None:
        self._made_of.close()


def reset_of(transport: Transport) -> Callable[[], Awaitable[None]]:
    """What a request over a transport finds in its scope."""
    scopes: list[dict[str, Any]] = []

    async def app(scope: dict[str, Any], receive: object, send: object) -> None:
        scopes.append(scope)

    asyncio.run(_answered(_Resettable(app, transport)))
    found: Callable[[], Awaitable[None]] = scopes[0]["extensions"][RESET]
    return found


async def _answered(app: _Resettable) -> None:
    await app({"type": "http"}, None, None)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    with client, server:
        yield client, server


@pytest.mark.parametrize("unsent", [[0], [9, 9, 0], [9] * MOST_TURNS])
def test_what_is_written_goes_out_before_the_reset(
    pair: tuple[socket.socket, socket.socket], unsent: list[int]
) -> None:
    client, server = pair
    sizes = iter(unsent)
    server.sendall(b"told")

    asyncio.run(_awaited(reset_of(Transport(sizes, server))()))

    assert list(sizes) == []
    assert client.recv(10) == b"told"
    with pytest.raises(ConnectionResetError):
        client.recv(10)


def test_an_end_without_a_reset_is_another_thing(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    client, server = pair
    lingering = server.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)
    server.close()
    assert (client.recv(10), struct.unpack("ii", lingering)) == (b"", (0, 0))


async def _awaited(awaitable: Awaitable[None]) -> None:
    await awaitable
