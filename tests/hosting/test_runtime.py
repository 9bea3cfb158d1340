"""What all ways into a mock share."""

import gc
import threading

import pytest

from mockletta.hosting.application import create_app
from mockletta.hosting.runtime import Engine, Stopped
from mockletta.world.world import World
from mockletta.world.worlds import Worlds


def _engine() -> Engine:
    worlds = Worlds(World())
    return Engine(create_app(worlds), worlds)


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "mockletta"]


async def _nothing() -> None: ...


def test_its_loop_is_started_when_it_is_first_needed() -> None:
    engine = _engine()
    assert _threads() == []

    engine.run(_nothing())
    engine.run(_nothing())

    assert _threads() == ["mockletta"]
    engine.stop()
    assert _threads() == []


def test_nothing_is_run_after_its_stop_until_it_resumes() -> None:
    engine = _engine()
    engine.stop()

    with pytest.raises(Stopped, match="the mock is stopped"):
        engine.run(_nothing())

    engine.resume()
    engine.run(_nothing())
    engine.stop()


def test_an_engine_that_is_forgotten_ends_its_loop() -> None:
    engine = _engine()
    engine.run(_nothing())

    del engine
    gc.collect()

    assert _threads() == []
