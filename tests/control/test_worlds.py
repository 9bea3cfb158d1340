"""Worlds over HTTP: what there are, and to be rid of them."""

import asyncio
from collections.abc import Callable
from typing import Any

from mockletta.control.worlds import WorldQuery, delete_worlds
from mockletta.world.pace import Pace
from mockletta.world.world import World
from mockletta.world.worlds import Worlds
from tests.control.asking import Control

AGENT = {"name": "support", "model": "openai/gpt-4o-mini"}
EMPTY = {"agents": 0, "conversations": 0, "entries": 0}


def control_with_worlds_of(
    *keys: str, limit: int = 10, make: Callable[[], World] = World
) -> Control:
    control = Control(Worlds(World(), make=make, limit=limit))
    for key in keys:
        assert control.ask("POST", "/v1/agents/", AGENT, key=key)[0] == 200
    return control


def keys_in(answer: dict[str, Any]) -> list[str | None]:
    return [world["key"] for world in answer["worlds"]]


def test_worlds_are_listed_with_what_is_in_them_and_keys_hidden() -> None:
    control = control_with_worlds_of("sk-let-1234567890")

    assert control.get("/worlds") == {
        "worlds": [
            {"id": "main", "key": None, **EMPTY},
            {"id": "world-1", "key": "sk-l…", **EMPTY, "agents": 1, "entries": 1},
        ],
        "limit": 10,
        "tenancy": "key",
    }


def test_looking_makes_no_world_for_the_key_that_looks() -> None:
    control = control_with_worlds_of("first-key")

    assert keys_in(control.get("/worlds", key="another-key")) == [None, "fir…"]
    assert control.get("/", key="another-key")["operations"]
    assert control.get("/journal", key="another-key") == {"entries": [], "dropped": 0}
    assert control.get("/verdict", key="another-key")["clean"] is True
    assert len(control.worlds.by_key) == 1


def test_one_world_can_be_deleted_and_makes_room() -> None:
    control = control_with_worlds_of("first-key", "second-key", limit=2)
    assert control.ask("POST", "/v1/agents/", AGENT, key="third-key")[0] == 429

    assert control.ask("DELETE", "/worlds?key=first-key") == (200, {"removed": 1})

    assert control.ask("POST", "/v1/agents/", AGENT, key="third-key")[0] == 200
    assert list(control.worlds.by_key) == ["second-key", "third-key"]


def test_all_worlds_of_keys_can_be_deleted() -> None:
    control = control_with_worlds_of("first-key", "second-key")
    main = control.world

    assert control.ask("DELETE", "/worlds") == (200, {"removed": 2})
    assert list(control.worlds) == [main]


def test_turns_in_a_deleted_world_end() -> None:
    slow = Pace(ttft=600)
    control = control_with_worlds_of("first-key", make=lambda: World(pace=slow))
    world = control.worlds.of("first-key")
    [agent] = world.store.agents
    asked = {"messages": [{"role": "user", "content": "Hello!"}]}
    control.ask("POST", f"/v1/agents/{agent.id}/messages/async", asked, key="first-key")
    assert len(world.active) == 1

    control.ask("DELETE", "/worlds")

    assert world.active == {}


def test_requests_that_stall_in_a_deleted_world_end() -> None:
    control = control_with_worlds_of("first-key")
    stalls = control.worlds.of("first-key").faults.stalls

    async def deleted_meanwhile() -> bool:
        stalling = asyncio.create_task(stalls.wait(None))
        await asyncio.sleep(0)
        delete_worlds(control.worlds, WorldQuery(key=None))
        return await stalling

    assert asyncio.run(deleted_meanwhile())


def test_a_world_that_is_not_there_cannot_be_deleted() -> None:
    control = control_with_worlds_of("first-key")

    assert control.ask("DELETE", "/worlds?key=nope") == (
        404,
        {"detail": "This key has no world of its own"},
    )
    assert control.ask("DELETE", "/worlds?kye=first-key")[0] == 422
    assert control.ask("DELETE", "/worlds?key=")[0] == 422
    assert list(control.worlds.by_key) == ["first-key"]
