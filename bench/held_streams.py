"""`python -m bench.held_streams`: what streams cost that are held, never read, or left.

10,000 streams are held, 5,000 of their clients leave in the middle, then the others. In a server of
its own, 1,000 clients never read a reply of 20,000 characters. What is printed is the memory of the
server for each stream, its descriptors, and both after the clients have left.
"""

import asyncio
import socket
import time
from collections.abc import Sequence

import click
import uvloop

from bench import servers
from bench.client import Client
from bench.load import Address
from bench.operations import send
from bench.servers import Server

AT_ONCE = 200
"""Connections that are opened together."""
PACE = ("--ttft", "0.5", "--tokens-per-second", "0.5")
OPTIONS = {"stream_tokens": True}
LONG, SMALL_BUFFER = f"Say '{'word ' * 4_000}'", 4_096
"""What is answered with 20,000 characters, and the bytes that a client's socket receives."""
BETWEEN, PATIENCE, ALIKE = 5.0, 90.0, 1.0
"""A server has settled when its memory, in MB, and its descriptors are alike after some seconds."""


class Held(asyncio.Protocol):
    """A client of one stream, which notes when the stream begins."""

    def __init__(self) -> None:
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def data_received(self, data: bytes) -> None:
        if not self.begun.done() and b"data:" in data:
            self.begun.set_result(None)


async def hold(address: Address, requests: Sequence[bytes], *, reads: bool = True) -> list[Held]:
    """Open a stream for each request, and wait until all have begun if they are read."""
    held: list[Held] = []
    for start in range(0, len(requests), AT_ONCE):
        some = requests[start : start + AT_ONCE]
        held += await asyncio.gather(*(_open(address, one, reads=reads) for one in some))
    if reads:
        await asyncio.gather(*(one.begun for one in held))
    return held


async def _open(address: Address, request: bytes, *, reads: bool) -> Held:
    plug = socket.socket()
    if not reads:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    plug.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(plug, address)
    transport, held = await loop.create_connection(Held, sock=plug)
    held.transport = transport
    if not reads:
        transport.pause_reading()
    transport.write(request)
    return held


class Meter:
    """Prints what a server has more than at the start."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._start = self._now()

    def _now(self) -> tuple[float, int]:
        return self._server.resident_megabytes, self._server.descriptors

    async def _settled(self) -> tuple[float, int]:
        before, now = (0.0, 0), self._now()
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not _alike(before, now):
            await asyncio.sleep(BETWEEN)
            before, now = now, self._now()
        return now

    async def print(self, name: str, streams: int) -> None:
        (memory, files), (megabytes, descriptors) = self._start, await self._settled()
        each = f"{(megabytes - memory) * 1000 / streams:.1f} kB each" if streams else "no stream"
        print(f"| {name} | {megabytes:.0f} MB | {each} | {descriptors - files} |", flush=True)


def _alike(before: tuple[float, int], now: tuple[float, int]) -> bool:
    return before[1] == now[1] and abs(before[0] - now[0]) < ALIKE


async def _held_and_left(server: Server, requests: Sequence[bytes]) -> None:
    meter = Meter(server)
    await meter.print("before", 0)
    held = await hold(server.address, requests)
    await meter.print(f"{len(held):,} streams held", len(held))
    half = len(held) // 2
    for one in held[:half]:
        one.transport.abort()
    await meter.print(f"{half:,} clients gone in the middle", len(held) - half)
    for one in held[half:]:
        one.transport.abort()
    await meter.print("all clients gone", 0)


async def _never_read(server: Server, requests: Sequence[bytes]) -> None:
    meter = Meter(server)
    held = await hold(server.address, requests, reads=False)
    await meter.print(f"{len(held):,} streams of 20,000 characters never read", len(held))
    for one in held:
        one.transport.abort()
    await meter.print("their clients gone", 0)


def _requests(client: Client, streams: int, text: str) -> list[bytes]:
    agent_id = client.create_agent()
    client.capture(send(client.create_conversation(agent_id), OPTIONS, "Say 'ready'"))
    fresh = [client.create_conversation(agent_id) for _ in range(streams)]
    return [send(conversation_id, OPTIONS, text).encode() for conversation_id in fresh]


@click.command()
@click.option("--streams", default=10_000, help="How many streams are held.")
@click.option("--unread", default=1_000, help="How many streams are never read.")
def main(streams: int, unread: int) -> None:
    """Measure streams that are held, left and never read."""
    servers.raise_descriptor_limit(2 * streams + 1_000)
    print("| | memory | for a stream | descriptors |\n| :-- | --: | --: | --: |")
    with servers.mockletta(*PACE) as server, Client(server.address) as client:
        uvloop.run(_held_and_left(server, _requests(client, streams, "Count from 1 to 100.")))
    with servers.mockletta() as server, Client(server.address) as client:
        uvloop.run(_never_read(server, _requests(client, unread, LONG)))


if __name__ == "__main__":
    main()
