"""What requests and snapshots cost in a world with very many rows, in this process.

A file of so many rows would take minutes to load, so the rows are put into the tables.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

from bench.answers import Request
from bench.footprint import Fact
from bench.operations import send
from bench.scale import Scale
from mockletta.files.snapshots import fork, restore, snapshot
from mockletta.hosting.application import Application, create_app
from mockletta.http.rendering import Response
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

MODEL = "openai/gpt-4o-mini"
REPEATS = 9


def huge_world(scale: Scale) -> Iterator[Fact]:
    """Measure pages and sends in a conversation of very many messages, a list of very many agents,
    and snapshots of both. All messages but the last ones are out of context, as after compaction.
    """
    world = World()
    app = create_app(Worlds(world))
    agent = _ask(app, Request("POST", "/v1/agents/", {"model": MODEL}))["id"]
    conversation = _ask(app, Request("POST", f"/v1/conversations/?agent_id={agent}", {}))["id"]
    _ask(app, send(conversation, {"streaming": False}))
    ids = _add_messages(world, conversation, scale.huge_messages)
    _add_agents(world, agent, scale.huge_agents)
    messages = f"/v1/conversations/{conversation}/messages?limit=50&order=asc"
    large, many = f"{scale.huge_messages:,} messages", f"{scale.huge_agents:,} agents"
    for name, request in (
        (f"a first page of {large}", Request("GET", messages)),
        (f"a middle page of {large}", Request("GET", f"{messages}&after={ids[len(ids) // 2]}")),
        (f"a send to a conversation of {large}", send(conversation, {"streaming": False})),
        (f"a page of {many}", Request("GET", "/v1/agents/?limit=50")),
    ):
        yield Fact(name, f"{_cost(partial(_ask, app, request)):.2f} ms", "", reached=None)
    taken = snapshot(world)
    costs = {
        "snapshot": _cost(lambda: snapshot(world)),
        "restore": _cost(lambda: restore(world, taken)),
        "fork": _cost(lambda: fork(world)),
    }
    measured = ", ".join(f"{name} {cost:.2f} ms" for name, cost in costs.items())
    yield Fact(f"{large} and {many}", measured, "under 1 ms", max(costs.values()) < 1)


def _ask(app: Application, request: Request) -> Any:  # noqa: ANN401
    path, _, query = request.path.partition("?")
    scope = {
        "type": "http",
        "method": request.method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
    }
    body = b"" if request.body is None else json.dumps(request.body).encode()
    answer = app.begin(scope, body)
    assert isinstance(answer, Response), answer
    return json.loads(answer.body)


def _add_messages(world: World, conversation: str, number: int) -> list[str]:
    """Add messages to a conversation like its last one, and return their ids."""
    store, thread = world.store, world.store.thread(conversation)
    like = thread.context[-1]
    ids = [world.ids.new("message") for _ in range(number)]
    for message_id in ids:
        record = replace(like, id=message_id)
        store.add_message(record, thread, in_context=False)
    return ids


def _add_agents(world: World, like: str, number: int) -> None:
    agents = world.store.agents
    for _ in range(number):
        agents.add(agents.get(like).changed({"id": world.ids.new("agent")}))


def _cost(call: Callable[[], object]) -> float:
    """Return the processor time of a call in milliseconds, the median of several."""

    def once() -> float:
        before = time.process_time()
        call()
        return (time.process_time() - before) * 1_000

    return median(once() for _ in range(REPEATS))
