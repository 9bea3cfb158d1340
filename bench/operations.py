"""What is measured: each operation's requests against mockletta, and the world they need.

Two choices that matter when the numbers are read:

1. A conversation's context grows with every send, so each connection sends `SENDS_EACH` times to
   one conversation and then moves to a fresh one. The fresh ones are created before the round
   starts: their creation is outside the measured time.
2. Each group of operations has a mockletta of its own, so that what one leaves in memory does not
   slow down the next. Retrieve and list share the server with the 100,000 messages.
"""

import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, cycle, repeat
from pathlib import Path

from bench import servers
from bench.answers import Request
from bench.client import Client, creation
from bench.large_world import LARGE, message_id, save_large_world
from bench.scale import Scale
from bench.servers import Server

SENDS_EACH = 50
FRESH_A_SECOND = 20
"""Conversations for each connection and second of a round: enough for 16,000 sends a second."""
PAGE = 50
LISTING = f"list {PAGE} messages"
SIXTY_TOKENS = "Count from 1 to 60."

Plans = Callable[[int, float], list[Iterator[bytes]]]
"""From (connections, seconds of the round) to one endless iterator for each connection."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the table. `example` is what the bare app answers as a constant."""

    name: str
    server: Server
    example: Request
    plans: Plans
    aim: float | None = None


def operations(scale: Scale) -> Iterator[Operation]:
    """Yield all operations; the server behind one runs until the next group is asked for."""
    yield from _reads(scale)
    with servers.mockletta() as server, Client(server.address) as client:
        example = creation(client.create_agent())
        yield _constant("create conversation", server, example, aim=0.4)
    yield from _sends("send, 60 tokens, no stream", {"streaming": False}, aim=0.2)
    yield from _sends("send, 60 tokens, stream_tokens", {"stream_tokens": True}, aim=0.2)


def send(conversation_id: str, options: dict[str, bool], text: str = SIXTY_TOKENS) -> Request:
    """Return the request that sends a text, which is answered with sixty numbers by default."""
    body = {"messages": [{"role": "user", "content": text}], **options}
    return Request("POST", f"/v1/conversations/{conversation_id}/messages", body)


def _reads(scale: Scale) -> Iterator[Operation]:
    with tempfile.TemporaryDirectory() as directory:
        seed = Path(directory) / "large.json"
        save_large_world(seed, scale.messages)
        with servers.mockletta("--seed", str(seed)) as server, Client(server.address) as client:
            small = client.create_conversation(client.create_agent())
            retrieve = Request("GET", f"/v1/conversations/{small}")
            yield _constant("retrieve conversation", server, retrieve, aim=0.7)
            yield _page("first", server, "")
            yield _page("middle", server, _after(scale.messages // 2))
            yield _page("last", server, _after(scale.messages - PAGE - 1))


def _after(number: int) -> str:
    return f"&after={message_id(number)}"


def _page(which: str, server: Server, cursor: str) -> Operation:
    path = f"/v1/conversations/{LARGE}/messages?limit={PAGE}&order=asc{cursor}"
    return _constant(f"{LISTING}, {which} page", server, Request("GET", path), aim=0.6)


def _constant(name: str, server: Server, request: Request, aim: float | None = None) -> Operation:
    def plans(connections: int, _seconds: float) -> list[Iterator[bytes]]:
        return [repeat(request.encode()) for _ in range(connections)]

    return Operation(name, server, request, plans, aim)


def _sends(name: str, options: dict[str, bool], aim: float | None = None) -> Iterator[Operation]:
    with servers.mockletta() as server, Client(server.address) as client:
        agent_id = client.create_agent()

        def plan(seconds: float) -> Iterator[bytes]:
            count = math.ceil(seconds * FRESH_A_SECOND)
            fresh = [client.create_conversation(agent_id) for _ in range(count)]
            requests = [send(conversation_id, options).encode() for conversation_id in fresh]
            return chain.from_iterable(repeat(request, SENDS_EACH) for request in cycle(requests))

        def plans(connections: int, seconds: float) -> list[Iterator[bytes]]:
            return [plan(seconds) for _ in range(connections)]

        example = send(client.create_conversation(agent_id), options)
        yield Operation(name, server, example, plans, aim)
