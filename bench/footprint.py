"""Costs other than speed: start-up and memory."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import median

from bench import servers
from bench.answers import Request
from bench.client import Client
from bench.comparison import Comparison
from bench.load import run_load
from bench.operations import LISTING, send
from bench.scale import Scale

IMPORTS = "import starlette.applications, uvicorn, sse_starlette, pydantic"
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


def memory_after_start() -> Fact:
    """Measure the resident memory after the first answer."""
    with servers.mockletta() as server:
        megabytes = server.resident_megabytes
    return Fact("memory after start", f"{megabytes:.1f} MB", "under 50 MB", megabytes < 50)


def memory_after_reads(scale: Scale) -> Fact:
    """Measure the resident memory before and after many reads, half retrieve, half list."""
    with servers.mockletta() as server, Client(server.address) as client:
        requests = cycle([request.encode() for request in some_reads(client)])
        settle = int(scale.reads * SETTLED)
        run_load(server.address, [islice(requests, settle)] * scale.connections)
        before = server.resident_megabytes
        run_load(server.address, [islice(requests, scale.reads - settle)] * scale.connections)
        after = server.resident_megabytes
    measured = f"{before:.1f} MB after {settle:,}, {after:.1f} MB at the end"
    return Fact(f"memory over {scale.reads:,} reads", measured, "flat", after < before * GROWTH)


def some_reads(client: Client) -> list[Request]:
    """Return a request for one conversation, and one for its messages."""
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


def _import_once() -> None:
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)
