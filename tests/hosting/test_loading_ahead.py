"""What a server loads before a request needs it."""

import asyncio

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


def test_a_loop_that_ends_meanwhile_is_left_alone() -> None:
    async def story() -> None:
        loading = asyncio.create_task(load_ahead(World()))
        await asyncio.sleep(0.101)
        loading.cancel()

    asyncio.run(story())


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
