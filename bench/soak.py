"""`python -m bench.soak`: mixed traffic at a fixed rate for an hour, and the server's memory.

Each client tells one story after the other: it creates an agent and a conversation, sends and
streams, reads, leaves a stream in the middle, makes mistakes, and deletes what it made. So the
world stays of one size, and memory that grows is memory that is lost.
"""

import asyncio
import json
import random
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from statistics import fmean, quantiles

import click
import httpx

from bench import servers
from bench.client import MODEL
from bench.memory_chart import chart
from bench.servers import Server

SETTLED = 600.0
"""Seconds after which memory must be flat."""
BETWEEN_SAMPLES = 10.0
SENDS = 4


@dataclass(frozen=True, slots=True)
class MemorySample:
    """The state of the server after some seconds."""

    seconds: float
    megabytes: float
    descriptors: int
    requests: int


class Traffic:
    """Sends requests at a fixed rate for all clients together, and counts what comes back."""

    def __init__(self, http: httpx.AsyncClient, rate: float) -> None:
        self.requests = 0
        self.failures: list[str] = []
        self.latencies: list[float] = []
        self._http = http
        self._between = 1 / rate
        self._next = time.monotonic()

    async def ask(self, method: str, path: str, body: object = None, expected: int = 200) -> str:
        """Send a request when its turn comes, and return the id in the answer, if it has one."""
        response = await self._sent(method, path, body)
        if response.status_code != expected:
            self.failures.append(f"{method} {path}: {response.status_code} {response.text[:200]}")
        answer = response.json() if response.content and expected == 200 else None
        return str(answer.get("id", "")) if isinstance(answer, dict) else ""

    async def stream(self, path: str, body: object, events: int | None = None) -> None:
        """Read a stream to its end, or leave it after some events."""
        await self._wait()
        async with self._http.stream("POST", path, json=body) as response:
            if response.status_code != 200:
                self.failures.append(f"POST {path}: {response.status_code}")
            numbers = count()
            async for line in response.aiter_lines():
                if line.startswith("data:") and next(numbers) == events:
                    return

    async def _sent(self, method: str, path: str, body: object) -> httpx.Response:
        await self._wait()
        started = time.perf_counter()
        response = await self._http.request(method, path, json=body)
        self.latencies.append(time.perf_counter() - started)
        return response

    async def _wait(self) -> None:
        self.requests += 1
        self._next += self._between
        await asyncio.sleep(max(self._next - time.monotonic(), 0))


async def tell_story(traffic: Traffic, numbers: random.Random) -> None:
    """Send the requests of one story, from an agent's creation to its deletion."""
    block = {"label": "human", "value": "Name: Sam"}
    agent = await traffic.ask("POST", "/v1/agents/", {"model": MODEL, "memory_blocks": [block]})
    conversation = await traffic.ask("POST", f"/v1/conversations/?agent_id={agent}", {})
    path = f"/v1/conversations/{conversation}"
    for _ in range(SENDS):
        await _send(traffic, numbers, f"{path}/messages")
        await traffic.ask("GET", f"{path}/messages?limit=20")
    await traffic.ask("PATCH", f"/v1/agents/{agent}/core-memory/blocks/human", {"value": "Ann"})
    await traffic.ask("GET", f"/v1/agents/?limit=10&query_text={agent[-6:]}")
    await traffic.ask("GET", f"/v1/runs/?agent_id={agent}")
    await traffic.ask("POST", f"{path}/messages", {"messages": [{"role": 5}]}, expected=422)
    await traffic.ask("GET", "/v1/agents/agent-none", expected=422)
    if numbers.random() < 0.5:
        await traffic.ask("DELETE", path)
    own_block = await traffic.ask("GET", f"/v1/agents/{agent}/core-memory/blocks/human")
    await traffic.ask("DELETE", f"/v1/agents/{agent}")
    await traffic.ask("DELETE", f"/v1/blocks/{own_block}")  # a block outlives its agent


async def _send(traffic: Traffic, numbers: random.Random, path: str) -> None:
    text = numbers.choice(["Say 'good morning'", "Count from 1 to 60.", "My name is Sam."])
    body: dict[str, object] = {"messages": [{"role": "user", "content": text}]}
    match numbers.randrange(4):
        case 0:
            await traffic.ask("POST", path, body | {"streaming": False})
        case 1:
            await traffic.stream(path, body | {"stream_tokens": True})
        case 2:
            await traffic.stream(path, body | {"stream_tokens": True, "background": True})
        case _:
            await traffic.stream(path, body | {"stream_tokens": True}, events=2)
            await asyncio.sleep(0.1)  # the turn ends: the next send must find no turn in progress


async def _repeat(traffic: Traffic, seed: int, until: float) -> None:
    numbers = random.Random(seed)
    while time.monotonic() < until:
        await tell_story(traffic, numbers)


async def _samples(
    server: Server, traffic: Traffic, started: float, seconds: float
) -> AsyncIterator[MemorySample]:
    for number in range(int(seconds / BETWEEN_SAMPLES) + 1):
        await asyncio.sleep(max(started + number * BETWEEN_SAMPLES - time.monotonic(), 0))
        yield MemorySample(
            round(time.monotonic() - started, 1),
            round(server.resident_megabytes, 2),
            server.descriptors,
            traffic.requests,
        )


async def soak(
    server: Server, into: Path, *, clients: int, rate: float, seconds: float
) -> tuple[list[MemorySample], Traffic]:
    """Run the traffic, and write each sample to a file as it is taken."""
    url = f"http://{server.address.host}:{server.address.port}"
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as http:
        traffic, started = Traffic(http, rate), time.monotonic()
        tellers = [
            asyncio.create_task(_repeat(traffic, seed, started + seconds))
            for seed in range(clients)
        ]
        samples = []
        with into.open("w") as file:
            async for sample in _samples(server, traffic, started, seconds):
                samples.append(sample)
                file.write(json.dumps(asdict(sample)) + "\n")
                file.flush()
        await asyncio.gather(*tellers)
    return samples, traffic


def load_samples(file: Path) -> list[MemorySample]:
    """Read the samples that a run has written."""
    return [MemorySample(**json.loads(line)) for line in file.read_text().splitlines()]


def summary(samples: list[MemorySample]) -> str:
    """Compare the memory after ten minutes with that of the last ten."""
    end = samples[-1].seconds
    early = [s.megabytes for s in samples if SETTLED <= s.seconds < 2 * SETTLED]
    late = [s.megabytes for s in samples if s.seconds > end - SETTLED]
    most = max(sample.descriptors for sample in samples)
    means = f"{fmean(early):.1f} MB from minute 10 to 20, {fmean(late):.1f} MB in the last ten"
    return f"{samples[-1].requests:,} requests: {means}; at most {most} descriptors"


@click.command()
@click.option("--seconds", default=3600.0, help="How long the traffic lasts.")
@click.option("--clients", default=50, help="How many clients there are.")
@click.option("--rate", default=30.0, help="Requests a second of all clients together.")
@click.option("--into", default="soak.jsonl", help="The file for the samples.")
@click.option("--plot", default="docs/images/soak.svg", help="The file for the chart.")
def main(seconds: float, clients: int, rate: float, into: str, plot: str) -> None:
    """Soak a server that keeps its world in a state file, and draw its memory."""
    with tempfile.TemporaryDirectory() as folder:
        flags = ("--state", str(Path(folder, "world.state")), "--tokens-per-second", "2000")
        with servers.mockletta(*flags) as server:
            samples, traffic = asyncio.run(
                soak(server, Path(into), clients=clients, rate=rate, seconds=seconds)
            )
    Path(plot).write_text(chart([(s.seconds / 60, s.megabytes) for s in samples]))
    print(summary(samples) if seconds > 2 * SETTLED else f"{samples[-1]}")
    slow = quantiles(traffic.latencies, n=100)
    print(f"p50 {slow[49] * 1000:.1f} ms, p99 {slow[98] * 1000:.1f} ms")
    print(f"{len(traffic.failures)} failures", *traffic.failures[:20], sep="\n")


if __name__ == "__main__":
    main()
