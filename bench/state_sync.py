"""`python -m bench.state_sync`: what a state file costs, by `--state-sync`.

Each mode has a server of its own. One client sends one message after the other, then sixteen
clients do. The file is in a folder of the disk.
"""

import tempfile
from itertools import chain, repeat
from pathlib import Path
from statistics import median

import click

from bench import servers
from bench.client import Client
from bench.load import Sample, run_load
from bench.operations import SENDS_EACH, send
from bench.servers import Server

MODES = (None, "never", "second", "always")
CONNECTIONS = 16
TEXT = "Say 'good morning'"


def measure(server: Server, connections: int, seconds: float) -> Sample:
    """Send messages over some connections at once, each to fresh conversations."""
    with Client(server.address) as client:
        agent_id = client.create_agent()
        plans = []
        for _ in range(connections):
            fresh = [client.create_conversation(agent_id) for _ in range(20)]
            requests = [send(one, {"streaming": False}, TEXT).encode() for one in fresh]
            sends = chain.from_iterable(repeat(request, SENDS_EACH) for request in requests)
            plans.append(sends)
        before = server.cpu_seconds
        sample = run_load(server.address, plans, seconds)
        sample.server_cpu = server.cpu_seconds - before
        return sample


@click.command()
@click.option("--seconds", default=5.0, help="Seconds of each measurement.")
@click.option("--folder", default=".", help="A folder on the disk that is measured.")
def main(seconds: float, folder: str) -> None:
    """Measure sends with each mode of a state file, and without one."""
    print("| `--state-sync` | p50 ms, one client | sends/s, 16 clients | processor time, µs |")
    print("| :-- | --: | --: | --: |")
    for mode in MODES:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            flags = ("--state", str(Path(place, "state")), "--state-sync", mode) if mode else ()
            with servers.mockletta(*flags) as server:
                alone = measure(server, 1, seconds)
                many = measure(server, CONNECTIONS, seconds)
        cost = many.server_cpu * 1e6 / len(many.latencies)
        p50 = median(alone.latencies) * 1000
        print(f"| {mode or 'no state file'} | {p50:.1f} | {many.rate:,.0f} | {cost:,.0f} |")


if __name__ == "__main__":
    main()
