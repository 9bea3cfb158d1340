"""Paced token streams, the case of a load test: many at once, each token at its own time.

Each stream has a connection of its own, and the streams start one after the other. A token is late
by the time from its due moment, counted from the request, to its arrival at this process. The same
load runs against a server that only paces constant frames.
"""

import asyncio
import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import uvloop

from bench import servers
from bench.client import Client
from bench.load import PATIENCE, Address, UnexpectedAnswerError
from bench.operations import send
from bench.scale import PacedLoad
from bench.servers import Server

TOKENS = 100
FIRST_TOKEN = 0.5
TEXT = f"Count from 1 to {TOKENS}."
WARM_UP = "Say 'ready'"
"""The message of a first stream, which is not measured: the server loads what it needs."""
STARTS_A_SECOND = 1_000
_OPTIONS = {"stream_tokens": True}
_TOKEN = b'"message_type":"assistant_message"'
_END = b"0\r\n\r\n"


@dataclass(slots=True)
class PacedSample:
    """What was measured: times in seconds, memory in bytes for each stream that is open."""

    lateness: "array[float]" = field(default_factory=lambda: array("d"))
    first_tokens: "array[float]" = field(default_factory=lambda: array("d"))
    elapsed: float = 0.0
    busy: float = 0.0
    server_cpu: float = 0.0
    memory_each: float = 0.0
    finished: int = 0

    @property
    def cpu_each(self) -> float:
        """The server's processor time for each token, including what its stream takes besides."""
        return self.server_cpu / len(self.lateness)


@dataclass(frozen=True, slots=True)
class PacedComparison:
    """Mockletta and the bare server under the same streams."""

    load: PacedLoad
    ours: PacedSample
    bare: PacedSample

    @property
    def cpu_ratio(self) -> float:
        """The bare server's processor time for a token as a share of mockletta's."""
        return self.bare.cpu_each / self.ours.cpu_each


def compare_paced(load: PacedLoad) -> PacedComparison:
    """Run the streams against a fresh server of each kind."""
    with servers.bare_streams(TOKENS, FIRST_TOKEN, load.tokens_per_second) as server:
        bare = uvloop.run(
            run_streams(server, load, [send("any", _OPTIONS, TEXT).encode()] * load.streams)
        )
    pace = ("--ttft", str(FIRST_TOKEN), "--tokens-per-second", str(load.tokens_per_second))
    with servers.mockletta(*pace) as server, Client(server.address) as client:
        requests = list(paced_requests(client, load.streams))
        server.wait_until_idle()
        ours = uvloop.run(run_streams(server, load, requests))
    return PacedComparison(load, ours, bare)


def paced_requests(client: Client, streams: int) -> Iterator[bytes]:
    """Create a conversation for each stream, and yield its request."""
    agent_id = client.create_agent()
    client.capture(send(client.create_conversation(agent_id), _OPTIONS, WARM_UP))
    for _ in range(streams):
        yield send(client.create_conversation(agent_id), _OPTIONS, TEXT).encode()


async def run_streams(
    server: Server, load: PacedLoad, requests: Sequence[bytes], token: bytes = _TOKEN
) -> PacedSample:
    """Run a stream for each request. Each of its tokens has the text `token` once."""
    sample = PacedSample()
    streams = [_Stream(sample, request, 1 / load.tokens_per_second, token) for request in requests]
    cpu, memory = server.cpu_seconds, server.resident_megabytes
    busy, started = time.process_time(), time.perf_counter()
    starting = asyncio.create_task(_start(server.address, streams, started))
    await asyncio.sleep(len(streams) / STARTS_A_SECOND + FIRST_TOKEN)
    await starting
    sample.memory_each = (server.resident_megabytes - memory) * 1e6 / load.streams
    async with asyncio.timeout(PATIENCE + TOKENS / load.tokens_per_second):
        await asyncio.gather(*(stream.done for stream in streams))
    sample.elapsed = time.perf_counter() - started
    sample.busy = (time.process_time() - busy) / sample.elapsed
    sample.server_cpu = server.cpu_seconds - cpu
    return sample


async def _start(address: Address, streams: Sequence["_Stream"], started: float) -> None:
    connecting = set()
    for number, stream in enumerate(streams):
        wait = started + number / STARTS_A_SECOND - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        connecting.add(asyncio.create_task(_connect(stream, address)))
    await asyncio.gather(*connecting)


async def _connect(stream: "_Stream", address: Address) -> None:
    transport, _ = await asyncio.get_running_loop().create_connection(lambda: stream, *address)
    stream.start(transport)


class _Stream(asyncio.Protocol):
    """One stream: sends its request once it is connected and notes when each token comes."""

    transport: asyncio.Transport

    def __init__(self, sample: PacedSample, request: bytes, between: float, token: bytes) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sample = sample
        self._request = request
        self._between = between
        self._token = token
        self._sent_at = self._due = 0.0
        self._is_first = True

    def start(self, transport: asyncio.Transport) -> None:
        """Send the request."""
        self.transport = transport
        self._sent_at = time.perf_counter()
        self._due = self._sent_at + FIRST_TOKEN
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Note the tokens in some bytes, and finish with the last chunk."""
        now = time.perf_counter()
        for _ in range(data.count(self._token)):
            if self._is_first:
                self._is_first = False
                self._sample.first_tokens.append(now - self._sent_at)
            self._sample.lateness.append(now - self._due)
            self._due += self._between
        if data.endswith(_END):
            self._sample.finished += 1
            self._finish()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail if the server closed the connection before the stream was over."""
        if not self.done.done():
            error = UnexpectedAnswerError(f"the server closed the connection: {exc}")
            self.done.set_exception(error)

    def _finish(self) -> None:
        if not self.done.done():
            self.done.set_result(None)
        self.transport.close()
