"""What the proxy of `mockletta record` adds: `python -m bench.recording`, `make bench-recording`.

Requests go to the server and through the proxy in turns, so that other load affects both alike.
"""

from collections.abc import Iterator
from itertools import repeat
from statistics import median

import click

from bench import servers
from bench.answers import Request
from bench.client import Client
from bench.footprint import Fact, some_reads
from bench.load import Address, run_load
from bench.operations import send
from bench.scale import FULL, QUICK, Scale

FIRST_TOKEN, TOKENS = 1.0, 60
ROUNDS = 5
STREAMS = 100
"""How many streams are started one after the other, on each way."""


def facts(scale: Scale) -> Iterator[Fact]:
    """Measure the proxy: requests, first frames, and many streams at once."""
    yield requests(scale)
    yield first_frames()
    yield streams_at_once(scale)


def requests(scale: Scale) -> Fact:
    """Measure requests one after the other, and the throughput of several connections."""
    with servers.mockletta() as server, Client(server.address) as client:
        request = some_reads(client)[0].encode()
        with servers.recorder(server.address) as proxy:
            alone, together = (
                [
                    [_rate(address, request, scale, count) for _ in range(ROUNDS)]
                    for address in (server.address, proxy.address)
                ]
                for count in (1, scale.connections)
            )
    direct, proxied = map(median, alone)
    most, most_proxied = map(median, together)
    measured = (
        f"{1000 / proxied:.1f} ms instead of {1000 / direct:.1f} ms, "
        f"{most_proxied:,.0f} requests per second instead of {most:,.0f}"
    )
    return Fact("a request through `mockletta record`", measured, "", reached=None)


def _rate(address: Address, request: bytes, scale: Scale, connections: int) -> float:
    return run_load(address, [repeat(request)] * connections, scale.seconds).rate


def first_frames() -> Fact:
    """Measure the time until the first frame of a stream, directly and through the proxy."""
    with (
        servers.mockletta() as server,
        servers.recorder(server.address) as proxy,
        Client(server.address) as direct,
        Client(proxy.address) as proxied,
    ):
        agent_id = direct.create_agent()
        pairs = [
            tuple(client.first_bytes(_stream(client, agent_id)) for client in (direct, proxied))
            for _ in range(STREAMS)
        ]
    near, far = (median(pair[way] for pair in pairs) * 1000 for way in (0, 1))
    name = "the first frame of a stream through `mockletta record`"
    return Fact(name, f"{far:.1f} ms instead of {near:.1f} ms", "", reached=None)


def _stream(client: Client, agent_id: str) -> Request:
    return send(client.create_conversation(agent_id), {"stream_tokens": True})


def streams_at_once(scale: Scale) -> Fact:
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


@click.command()
@click.option("--quick", is_flag=True, help="A quick run, to see that the benchmark works.")
def main(quick: bool) -> None:
    """Measure what recording costs and print the figures."""
    for fact in facts(QUICK if quick else FULL):
        click.echo(f"{fact.name}: {fact.measured}")


if __name__ == "__main__":
    main()
