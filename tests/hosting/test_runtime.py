"""What all ways into a mock share."""

import asyncio
import gc
import threading

import pytest

from mockletta.hosting.application import create_app
from mockletta.hosting.runtime import Runtime, Stopped, end_all_turns
from mockletta.world.world import World
from mockletta.world.worlds import Worlds


def _runtime() -> Runtime:
    worlds = Worlds(World())
    return Runtime(create_app(worlds), worlds)


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "mockletta"]


async def _nothing() -> None: ...


def test_its_loop_is_started_when_it_is_first_needed() -> None:
    runtime = _runtime()
    assert _threads() == []

    runtime.run(_nothing())
    runtime.run(_nothing())

    assert _threads() == ["mockletta"]
    runtime.stop()
    assert _threads() == []


def test_nothing_is_run_after_its_stop_until_it_resumes() -> None:
    runtime = _runtime()
    runtime.stop()

    with pytest.raises(Stopped, match="the mock is stopped"):
        runtime.run(_nothing())

    runtime.resume()
    runtime.run(_nothing())
    runtime.stop()


def test_an_engine_that_is_forgotten_ends_its_loop() -> None:
    runtime = _runtime()
    runtime.run(_nothing())

    del runtime
    gc.collect()

    assert _threads() == []


async def _end_a_task() -> bool:
    world = World()
    task = asyncio.ensure_future(asyncio.sleep(3600))
    world.tasks.add(task)
    end_all_turns([world])
    await asyncio.wait([task])
    return task.cancelled()


def test_the_tasks_of_a_world_end_with_its_turns() -> None:
    assert asyncio.run(_end_a_task())
