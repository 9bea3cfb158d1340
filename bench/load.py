"""The load generator: keep-alive connections that send the next request after each answer.

It is a closed loop without pipelining, and request bytes are built before. It runs in its own
process. A sample has the share of a core it used: near 1.0 the generator was the limit.
"""

import asyncio
import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import uvloop

from bench.http1 import ResponseReader, is_finished_stream, is_success

PATIENCE = 120.0
"""Seconds after the planned end before a silent server is an error."""


class Address(NamedTuple):
    """The address of a server."""

    host: str
    port: int


class UnexpectedAnswerError(Exception):
    """A server answered with an error or closed the connection under load."""


@dataclass(slots=True)
class Sample:
    """The measurements of one run, in seconds; `busy` is the generator's share of a core.

    `server_cpu`, the server's processor time, is set by the caller.
    """

    latencies: "array[float]" = field(default_factory=lambda: array("d"))
    elapsed: float = 0.0
    busy: float = 0.0
    server_cpu: float = 0.0
    finished_streams: int = 0

    @property
    def rate(self) -> float:
        """Answered requests per second."""
        return len(self.latencies) / self.elapsed


def run_load(
    address: Address, plans: Sequence[Iterator[bytes]], seconds: float = float("inf")
) -> Sample:
    """Open one connection for each plan and send until the plans or the seconds end."""
    return uvloop.run(_run_load(address, plans, seconds))


async def _run_load(address: Address, plans: Sequence[Iterator[bytes]], seconds: float) -> Sample:
    sample = Sample()
    connections = [await _connect(address, plan, sample) for plan in plans]
    busy_before, started = time.process_time(), time.perf_counter()
    for connection in connections:
        connection.start(deadline=started + seconds)
    async with asyncio.timeout(seconds + PATIENCE if seconds < float("inf") else None):
        await asyncio.gather(*(connection.done for connection in connections))
    sample.elapsed = time.perf_counter() - started
    sample.busy = (time.process_time() - busy_before) / sample.elapsed
    return sample


async def _connect(address: Address, plan: Iterator[bytes], sample: Sample) -> "Connection":
    loop = asyncio.get_running_loop()
    connection = Connection(plan, sample, loop.create_future())
    transport, _ = await loop.create_connection(lambda: connection, *address)
    connection.transport = transport
    return connection


class Connection(asyncio.Protocol):
    """A client that sends a request, waits for the whole answer, and sends the next one."""

    transport: asyncio.Transport

    def __init__(self, plan: Iterator[bytes], sample: Sample, done: asyncio.Future[None]) -> None:
        self.done = done
        self._plan = plan
        self._sample = sample
        self._reader = ResponseReader()
        self._deadline = 0.0
        self._sent_at = 0.0

    def start(self, deadline: float) -> None:
        """Send the first request. None is sent after the deadline (of `time.perf_counter`)."""
        self._deadline = deadline
        self._send_next(time.perf_counter())

    def data_received(self, data: bytes) -> None:
        """Read bytes, and send the next request when the answer is complete."""
        if not self._reader.feed(data):
            return
        now = time.perf_counter()
        self._sample.latencies.append(now - self._sent_at)
        response = self._reader.take()
        if not is_success(response):
            self._fail(repr(response[:500]))
            return
        self._sample.finished_streams += is_finished_stream(response)
        self._send_next(now)

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail if the server closed the connection before the plan was done."""
        self._fail(f"the server closed the connection: {exc}")

    def _send_next(self, now: float) -> None:
        request = next(self._plan, None) if now < self._deadline else None
        if request is None:
            self._finish()
            return
        self._sent_at = now
        self.transport.write(request)

    def _finish(self) -> None:
        if not self.done.done():
            self.done.set_result(None)
        self.transport.close()

    def _fail(self, reason: str) -> None:
        if not self.done.done():
            self.done.set_exception(UnexpectedAnswerError(reason))
        self.transport.close()
