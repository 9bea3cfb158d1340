"""Costs other than speed: start-up, first requests, memory, and what the recording proxy adds."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice, repeat
from statistics import median

from bench import servers
from bench.answers import Request
from bench.client import Client
from bench.comparison import Comparison
from bench.load import Address, run_load
from bench.operations import LISTING, send
from bench.scale import Scale

IMPORTS = "import starlette.applications, uvicorn, sse_starlette, pydantic"
FIRST_TOKEN, TOKENS = 1.0, 60
SETTLED = 0.1
"""The share of the reads after which the memory is compared."""
GROWTH = 1.02
ALIKE = 0.8
"""Two ratios that differ by less cost the same: rounds differ by this much."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line below the table. `aim` is text, `reached` is None if there is no aim."""

    name: str
    measured: str
    aim: str
    reached: bool | None


def pages(comparisons: Sequence[Comparison]) -> Fact:
    """Compare the pages of a long list by their ratios to the bare app."""
    ratios = [one.ratio for one in comparisons if one.name.startswith(LISTING)]
    measured = ", ".join(f"{ratio:.2f}" for ratio in ratios) + " of bare"
    return Fact(
        "first, middle and last page", measured, "the same cost", min(ratios) > max(ratios) * ALIKE
    )


def startup(scale: Scale) -> Fact:
    """Measure the time from spawn to the first answer, compared with importing the dependencies
    only."""
    pairs = [(_timed(_answer_once), _timed(_import_once)) for _ in range(scale.startups + 1)][1:]
    start, imports = median(a for a, _ in pairs), median(b for _, b in pairs)
    ratio = median(a / b for a, b in pairs)
    measured = f"{start * 1000:.0f} ms, imports alone {imports * 1000:.0f} ms: {ratio:.2f} times"
    return Fact("start to first answered request", measured, "under 1.5 times", ratio < 1.5)


def first_agent(scale: Scale) -> Fact:
    """Measure the time from spawn to the first created agent, which includes lazy imports."""
    seconds = median(_timed(_create_once) for _ in range(scale.startups))
    return Fact("start to first created agent", f"{seconds * 1000:.0f} ms", "", reached=None)


def memory_after_start() -> Fact:
    """Measure the resident memory after the first answer."""
    with servers.mockletta() as server:
        megabytes = server.resident_megabytes
    return Fact("memory after start", f"{megabytes:.1f} MB", "under 50 MB", megabytes < 50)


def memory_after_reads(scale: Scale) -> Fact:
    """Measure the resident memory before and after many reads, half retrieve, half list."""
    with servers.mockletta() as server, Client(server.address) as client:
        requests = cycle([request.encode() for request in _some_reads(client)])
        settle = int(scale.reads * SETTLED)
        run_load(server.address, [islice(requests, settle)] * scale.connections)
        before = server.resident_megabytes
        run_load(server.address, [islice(requests, scale.reads - settle)] * scale.connections)
        after = server.resident_megabytes
    measured = f"{before:.1f} MB after {settle:,}, {after:.1f} MB at the end"
    return Fact(f"memory over {scale.reads:,} reads", measured, "flat", after < before * GROWTH)


def proxy_overhead(scale: Scale) -> Fact:
    """Measure requests one after the other and the throughput, direct and through the proxy."""
    with servers.mockletta() as server, Client(server.address) as client:
        request = _some_reads(client)[0].encode()
        with servers.recorder(server.address) as proxy:
            pairs = [
                (
                    _rate(server.address, request, scale, count),
                    _rate(proxy.address, request, scale, count),
                )
                for count in (1, scale.connections)
            ]
    (direct, proxied), (most, most_proxied) = pairs
    measured = (
        f"{1000 / proxied:.1f} ms instead of {1000 / direct:.1f} ms, "
        f"{most_proxied:,.0f} requests per second instead of {most:,.0f}"
    )
    return Fact("a request through `mockletta record`", measured, "", reached=None)


def _rate(address: Address, request: bytes, scale: Scale, connections: int) -> float:
    return run_load(address, [repeat(request)] * connections, scale.seconds * 2).rate


def proxied_streams(scale: Scale) -> Fact:
    """Measure many parallel token streams through the proxy, each on its own connection."""
    pace = ("--ttft", str(FIRST_TOKEN), "--tokens-per-second", str(scale.proxied.tokens_per_second))
    with servers.mockletta(*pace) as server, Client(server.address) as client:
        agent_id = client.create_agent()
        fresh = [client.create_conversation(agent_id) for _ in range(scale.proxied.streams)]
        requests = [send(conversation_id, {"stream_tokens": True}) for conversation_id in fresh]
        with servers.recorder(server.address) as proxy:
            sample = run_load(proxy.address, [iter([request.encode()]) for request in requests])
            megabytes = proxy.resident_megabytes
    alone = FIRST_TOKEN + TOKENS / scale.proxied.tokens_per_second
    measured = (
        f"{sample.finished_streams:,} complete, the slowest in {max(sample.latencies):.1f} s "
        f"({alone:.1f} s if alone), {megabytes:.0f} MB"
    )
    complete = sample.finished_streams == scale.proxied.streams
    name = f"{scale.proxied.streams:,} slow streams at once through `mockletta record`"
    return Fact(name, measured, "all complete", complete)


def _some_reads(client: Client) -> list[Request]:
    conversation_id = client.create_conversation(client.create_agent())
    client.capture(send(conversation_id, {"streaming": False}))
    path = f"/v1/conversations/{conversation_id}"
    return [Request("GET", path), Request("GET", f"{path}/messages?limit=50")]


def _timed(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _answer_once() -> None:
    with servers.mockletta():
        pass


def _create_once() -> None:
    with servers.mockletta() as server, Client(server.address) as client:
        client.create_agent()


def _import_once() -> None:
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)
