"""`python -m bench.fleet`: what a proxy costs, and what a second server brings.

Streamed sends of 60 tokens with many API keys: to one server directly, to one server behind the
proxy, and to two. Processor time is read from the processes, so that the figures hold on a machine
where the load generator takes its share of the cores.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice, repeat
from typing import NamedTuple

import click

from bench.load import Address, Sample, run_load
from bench.operations import SENDS_EACH, SIXTY_TOKENS
from bench.servers import Server
from deploy.local import Fleet, fleet

KEYS = 32
AIM = 1.8
"""How many times as much as one server two servers on two cores should carry."""
SENDS_A_SECOND = 20
"""Conversations for each key and second, each for SENDS_EACH sends."""


class Row(NamedTuple):
    """One measurement. Processor times are in microseconds a request."""

    name: str
    servers: int
    rate: float
    server_cpu: float
    proxy_cpu: float

    @property
    def per_core(self) -> float:
        """Requests per second and core of the machine, the load generator left out."""
        return 1e6 / (self.server_cpu + self.proxy_cpu)


@click.command()
@click.option("--seconds", default=5.0, help="Seconds of each measurement.")
def main(seconds: float) -> None:
    """Measure fleets of one and two servers on this machine, and print a table."""
    rows = [
        _measured("one server", 1, seconds, direct=True),
        _measured("one server behind HAProxy", 1, seconds),
        _measured("two servers behind HAProxy", 2, seconds),
    ]
    print("| Streamed sends of 60 tokens | requests/s | server, µs | proxy, µs | a core carries |")
    print("| :-- | --: | --: | --: | --: |")
    for row in rows:
        print(
            f"| {row.name} | {row.rate:,.0f} | {row.server_cpu:.0f} | {row.proxy_cpu:.0f} "
            f"| {row.per_core:,.0f}/s |"
        )
    alone, two = rows[0], rows[2]
    whole = 2 * two.per_core / alone.per_core
    servers_only = 2 * alone.server_cpu / two.server_cpu
    print(
        f"\nTwo servers on two cores carry {whole:.2f} times what one carries, the proxy included. "
        f"With the proxy on a core of its own it would be {servers_only:.2f} times. For {AIM} "
        f"times a server and the proxy may take {2 * alone.server_cpu / AIM:.0f} µs together; they "
        f"take {two.server_cpu + two.proxy_cpu:.0f} µs."
    )


def _measured(name: str, servers: int, seconds: float, *, direct: bool = False) -> Row:
    with _running(servers, direct=direct) as (running, address):
        plans = [_sends(address, f"key-{number}", seconds) for number in range(KEYS)]
        before = _cpu(running)
        sample = run_load(address, plans, seconds)
        server, proxy = (after - was for after, was in zip(_cpu(running), before, strict=True))
        return Row(name, servers, sample.rate, _each(server, sample), _each(proxy, sample))


@contextmanager
def _running(servers: int, *, direct: bool) -> Iterator[tuple[Fleet, Address]]:
    with fleet(servers, "--log-level", "error") as running:
        port = running.ports[0] if direct else int(running.url.rpartition(":")[2])
        yield running, Address("127.0.0.1", port)


def _cpu(running: Fleet) -> tuple[float, float]:
    """The processor time of the servers, and of the proxy, in seconds."""
    nowhere = Address("", 0)
    servers = sum(Server(one.pid, nowhere).cpu_seconds for one in running.servers)
    return servers, sum(Server(one.pid, nowhere).cpu_seconds for one in running.proxies)


def _each(seconds: float, sample: Sample) -> float:
    return seconds * 1e6 / len(sample.latencies)


def _sends(address: Address, key: str, seconds: float) -> Iterator[bytes]:
    """Endless sends of a key. Their conversations are created before."""
    client = _Client(address, key)
    agent = client.post("/v1/agents/", {"model": "openai/gpt-4o-mini"})
    number = max(1, round(seconds * SENDS_A_SECOND / KEYS))
    paths = [
        f"/v1/conversations/{client.post(f'/v1/conversations/?agent_id={agent}', {})}/messages"
        for _ in range(number)
    ]
    body = {
        "messages": [{"role": "user", "content": SIXTY_TOKENS}],
        "stream_tokens": True,
    }
    sends = (repeat(_request(path, key, body), SENDS_EACH) for path in paths)
    last = repeat(_request(paths[-1], key, body))
    return chain(islice(chain.from_iterable(sends), None), last)


class _Client:
    """Creates the world of a key."""

    def __init__(self, address: Address, key: str) -> None:
        from httpx import Client  # noqa: PLC0415 - only this benchmark needs it

        headers = {"authorization": f"Bearer {key}"}
        self._http = Client(base_url=f"http://{address.host}:{address.port}", headers=headers)

    def post(self, path: str, body: object) -> str:
        """Create something and return its id."""
        return str(self._http.post(path, json=body).raise_for_status().json()["id"])


def _request(path: str, key: str, body: object) -> bytes:
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


if __name__ == "__main__":
    main()
