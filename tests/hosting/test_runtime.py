"""What all ways into a mock share."""

import asyncio
import gc
import threading
from collections.abc import Callable

import pytest

from mockletta.hosting.application import create_app
from mockletta.hosting.runtime import Runtime, Stopped, end_all_turns
from mockletta.world.world import World
from mockletta.world.worlds import Worlds


def _runtime() -> Runtime:
    worlds = Worlds(World())
    return Runtime(create_app(worlds), worlds)


@pytest.fixture
def threads() -> Callable[[], list[str]]:
    """Return the names of the threads that the test has started, of those still alive."""
    before = threading.enumerate()
    return lambda: [thread.name for thread in threading.enumerate() if thread not in before]


async def _nothing() -> None: ...


def test_its_loop_is_started_when_it_is_first_needed(threads: Callable[[], list[str]]) -> None:
    runtime = _runtime()
    assert threads() == []

    runtime.run(_nothing())
    runtime.run(_nothing())

    assert threads() == ["mockletta"]
    runtime.stop()
    assert threads() == []


def test_nothing_is_run_after_its_stop_until_it_resumes() -> None:
    runtime = _runtime()
    runtime.stop()

    with pytest.raises(Stopped, match="the mock is stopped"):
        runtime.run(_nothing())

    runtime.resume()
    runtime.run(_nothing())
    runtime.stop()


def test_an_engine_that_is_forgotten_ends_its_loop(threads: Callable[[], list[str]]) -> None:
    runtime = _runtime()
    runtime.run(_nothing())

    del runtime
    gc.collect()

    assert threads() == []


async def _end_a_task() -> bool:
    world = World()
    task = asyncio.ensure_future(asyncio.sleep(3600))
    world.tasks.add(task)
    end_all_turns([world])
    await asyncio.wait([task])
    return task.cancelled()


def test_the_tasks_of_a_world_end_with_its_turns() -> None:
    assert asyncio.run(_end_a_task())
