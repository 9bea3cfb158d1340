"""What a server loads before a request needs it."""

import asyncio
import gc
import threading

import pytest

from mockletta.hosting import loading_ahead
from mockletta.hosting.application import create_router
from mockletta.hosting.loading_ahead import load_ahead
from mockletta.hosting.uvicorn_server import Server, bare_server_of
from mockletta.wire.agents import AgentState
from mockletta.wire.base import Wire
from mockletta.world.world import World


async def _app(*_: object) -> None:
    """An application that nobody asks."""


def test_everything_is_loaded_while_requests_could_be_answered() -> None:
    async def story() -> World:
        turns = 0
        loading = asyncio.create_task(load_ahead(world := World()))
        while not loading.done():
            turns += 1
            await asyncio.sleep(0)
        assert turns > 50
        return world

    world = asyncio.run(story())
    assert "store" in vars(world)
    assert create_router().endpoints["agents.create"] == ("POST", "/v1/agents/")
    assert AgentState.__pydantic_complete__


def watch_failures(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the exceptions that end threads from now on, of servers that load ahead at once."""
    found: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: found.append(repr(args.exc_value)))
    monkeypatch.setattr(loading_ahead, "SECONDS_BEFORE", 0)
    return found


def test_a_loop_that_ends_meanwhile_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    failures = watch_failures(monkeypatch)
    importing, ended = threading.Event(), threading.Event()
    threads = []

    def take_long() -> None:
        threads.append(threading.current_thread())
        importing.set()
        ended.wait()

    async def story() -> None:
        loading = asyncio.create_task(load_ahead(World()))
        await asyncio.to_thread(importing.wait)
        assert not gc.isenabled()
        loading.cancel()

    monkeypatch.setattr(loading_ahead, "create_control_router", take_long)
    asyncio.run(story())
    ended.set()
    threads[0].join()
    assert (gc.isenabled(), failures) == (True, [])


def test_a_failure_is_shown_and_does_not_keep_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    failures = watch_failures(monkeypatch)

    def fail() -> None:
        raise ImportError("no such module")

    monkeypatch.setattr(loading_ahead, "create_control_router", fail)
    asyncio.run(asyncio.wait_for(load_ahead(World()), 20))
    assert (gc.isenabled(), failures) == (True, ["ImportError('no such module')"])


def test_a_server_loads_ahead_until_it_stops() -> None:
    class Shape(Wire):
        name: str

    async def story(server: Server) -> None:
        server.loads_ahead_for = World()
        running = asyncio.create_task(server.main_loop())
        while not Shape.__pydantic_complete__:  # noqa: ASYNC110 - it is built on this loop
            await asyncio.sleep(0.001)
        server.end()
        await running

    asyncio.run(story(bare_server_of(_app)))
