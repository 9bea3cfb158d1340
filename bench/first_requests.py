"""The first request of each kind to a server that has just started, and its memory afterwards.

The requests follow each other, the first one as soon as the server answers: what it still has to
load delays them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from bench import servers
from bench.answers import Request
from bench.client import MODEL, Client, creation
from bench.footprint import Fact
from bench.operations import send
from bench.scale import Scale

MILLISECONDS = 50
MEGABYTES = 65


@dataclass(frozen=True, slots=True)
class Start:
    """One start: the seconds of each first request, those of the server's processor in it, and
    the memory with everything loaded."""

    seconds: Mapping[str, float]
    cpu_seconds: Mapping[str, float]
    megabytes: float


def facts(scale: Scale) -> Iterator[Fact]:
    """Measure several starts. Yields a line for each first request, and one for the memory."""
    starts = [_start() for _ in range(scale.startups)]
    for name in starts[0].seconds:
        times = [start.seconds[name] * 1000 for start in starts]
        cpu = median(start.cpu_seconds[name] * 1000 for start in starts)
        measured = f"{median(times):.0f} ms, at best {min(times):.0f}; processor time {cpu:.0f} ms"
        aim, reached = f"under {MILLISECONDS} ms", median(times) < MILLISECONDS
        yield Fact(f"first request after the start: {name}", measured, aim, reached)
    megabytes = median(start.megabytes for start in starts)
    yield Fact(
        "memory with everything loaded",
        f"{megabytes:.1f} MB",
        f"under {MEGABYTES} MB",
        megabytes < MEGABYTES,
    )


def _start() -> Start:
    with servers.mockletta() as server, Client(server.address) as client:
        seconds: dict[str, float] = {}
        cpu_seconds: dict[str, float] = {}
        for name, request in _requests(client):
            before = server.cpu_seconds
            seconds[name] = client.first_bytes(request)
            cpu_seconds[name] = server.cpu_seconds - before
        server.wait_until_idle()
        return Start(seconds, cpu_seconds, server.resident_megabytes)


def _requests(client: Client) -> Iterator[tuple[str, Request]]:
    yield "create an agent", Request("POST", "/v1/agents/", {"model": MODEL})
    agent_id = client.create_agent()
    yield "create a conversation", creation(agent_id)
    conversation_id = client.create_conversation(agent_id)
    yield "send", send(conversation_id, {"streaming": False}, "Hello, how are you?")
    yield "a fact", send(conversation_id, {"streaming": False}, "My cat is called Whiskers.")
    yield "/openapi.json", Request("GET", "/openapi.json")
