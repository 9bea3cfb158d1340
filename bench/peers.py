"""`python -m bench.peers DIRECTORY`: mockletta beside aimock, the nearest peer, in one run.

DIRECTORY has the npm package `@copilotkit/aimock` installed. The two do not do the same: aimock
streams a canned text in the format of OpenAI's chat completions and keeps nothing. mockletta runs a
turn of a stateful agent, stores messages, a run and a step, and records the request in its journal.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path

import click
import uvloop

from bench import servers
from bench.answers import Request
from bench.client import Client
from bench.load import Address, run_load
from bench.operations import SIXTY_TOKENS, send
from bench.paced_streams import FIRST_TOKEN, TEXT, TOKENS, PacedSample, paced_requests, run_streams
from bench.scale import AT_20, PacedLoad
from bench.servers import Server
from deploy.local import free_port

COUNTED = " ".join(map(str, range(1, 61)))
HUNDRED = " ".join(["word"] * TOKENS)
CHUNK = 3
"""The characters of a chunk with which COUNTED has about sixty."""
CONNECTIONS = 16
MOST_SENDS = 100_000


@contextmanager
def aimock(home: Path, *flags: str) -> Iterator[tuple[Server, float]]:
    """Start aimock with two canned replies; the seconds until it answers come with it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        replies = {SIXTY_TOKENS: COUNTED, TEXT: HUNDRED}
        fixtures = [
            {"match": {"userMessage": asked}, "response": {"content": said}}
            for asked, said in replies.items()
        ]
        (Path(directory) / "replies.json").write_text(json.dumps({"fixtures": fixtures}))
        program = home / "node_modules" / ".bin" / "llmock"
        options = ["--port", str(port), "--fixtures", directory, "--log-level", "silent", *flags]
        started = time.perf_counter()
        with subprocess.Popen([str(program), *options], stdout=subprocess.DEVNULL) as process:
            address = Address("127.0.0.1", port)
            servers.wait_for_answer(address, "/health")
            try:
                yield Server(process.pid, address), time.perf_counter() - started
            finally:
                process.kill()


def _chat(text: str, *, stream: bool) -> bytes:
    messages = [{"role": "user", "content": text}]
    body = {"model": "gpt-4o-mini", "messages": messages, "stream": stream}
    return Request("POST", "/v1/chat/completions", body).encode()


def _cpu_each(server: Server, requests: list[Iterator[bytes]], seconds: float) -> float:
    """Return the server's processor time for a request in microseconds. Before it is measured, the
    server has the same time to load and compile what it needs."""
    run_load(server.address, requests, seconds)
    before = server.cpu_seconds
    sample = run_load(server.address, requests, seconds)
    return (server.cpu_seconds - before) * 1e6 / len(sample.latencies)


def _theirs(home: Path, seconds: float) -> dict[str, str]:
    with aimock(home, "--chunk-size", str(CHUNK)) as (server, started):
        figures = {"start, ms": f"{started * 1e3:.0f}"}
        figures["memory after start, MB"] = f"{server.resident_megabytes:.0f}"
        for name, stream in (("JSON reply, µs", False), ("streamed reply, µs", True)):
            requests: list[Iterator[bytes]] = [
                repeat(_chat(SIXTY_TOKENS, stream=stream)) for _ in range(CONNECTIONS)
            ]
            figures[name] = f"{_cpu_each(server, requests, seconds):.0f}"
    return figures


def _ours(seconds: float) -> dict[str, str]:
    started = time.perf_counter()
    with servers.mockletta() as server, Client(server.address) as client:
        figures = {"start, ms": f"{(time.perf_counter() - started) * 1e3:.0f}"}
        figures["memory after start, MB"] = f"{server.resident_megabytes:.0f}"
        agent = client.create_agent()
        for name, options in (
            ("JSON reply, µs", {"streaming": False}),
            ("streamed reply, µs", {"stream_tokens": True}),
        ):
            requests: list[Iterator[bytes]] = [
                repeat(send(client.create_conversation(agent), options).encode())
                for _ in range(CONNECTIONS)
            ]
            figures[name] = f"{_cpu_each(server, requests, seconds):.0f}"
    return figures


def _paced_theirs(home: Path, load: PacedLoad) -> PacedSample:
    wait = round(1000 / load.tokens_per_second)
    with aimock(home, "--latency", str(wait), "--chunk-size", "5") as (server, _):
        requests = [_chat(TEXT, stream=True)] * load.streams
        return uvloop.run(run_streams(server, load, requests, b'"delta":{"content"'))


def _paced_ours(load: PacedLoad) -> PacedSample:
    pace = ("--ttft", str(FIRST_TOKEN), "--tokens-per-second", str(load.tokens_per_second))
    with servers.mockletta(*pace) as server, Client(server.address) as client:
        requests = list(paced_requests(client, load.streams))
        return uvloop.run(run_streams(server, load, requests))


@click.command()
@click.argument("home", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--seconds", default=3.0, help="Seconds of each measurement.")
@click.option("--streams", type=click.IntRange(min=1), help="Only so many paced streams.")
def main(home: Path, seconds: float, streams: int | None) -> None:
    """Measure both and print a table. Processor times are the server's, for each request."""
    servers.raise_descriptor_limit(10_000)
    ours, theirs = _ours(seconds), _theirs(home, seconds)
    for load in AT_20 if streams is None else (PacedLoad(streams, 20.0),):
        for figures, sample in ((ours, _paced_ours(load)), (theirs, _paced_theirs(home, load))):
            figures[f"{load.name}: µs a token"] = f"{sample.cpu_each * 1e6:.0f}"
            figures[f"{load.name}: seconds in all"] = f"{sample.elapsed:.1f}"
    print("| | mockletta | aimock |\n| :-- | --: | --: |")
    for name, figure in ours.items():
        print(f"| {name} | {figure} | {theirs[name]} |")


if __name__ == "__main__":
    main()
