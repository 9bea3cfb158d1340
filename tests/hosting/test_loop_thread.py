"""An event loop in a thread of its own."""

import asyncio
import sys
import threading
from concurrent.futures import Future

import pytest

from mockletta.hosting import loop_thread
from mockletta.hosting.loop_thread import LoopThread, new_loop


async def _thread_name() -> str:
    return threading.current_thread().name


async def _broken() -> None:
    raise ValueError("broken")


def test_what_is_run_there_returns_and_raises_here() -> None:
    thread = LoopThread("aside")

    assert thread.run(_thread_name()) == "aside"
    with pytest.raises(ValueError, match="broken"):
        thread.run(_broken())

    thread.stop()


def test_a_stopped_one_has_cancelled_what_went_on() -> None:
    begun, cancelled = threading.Event(), threading.Event()

    async def wait_for_ever() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()

    thread = LoopThread("aside")
    thread.spawn(wait_for_ever())
    begun.wait()

    thread.stop()
    thread.stop()

    assert cancelled.is_set()
    assert "aside" not in {one.name for one in threading.enumerate()}


def test_what_is_posted_to_a_stopped_one_is_lost() -> None:
    thread = LoopThread("aside")
    thread.stop()

    thread.post(_fail)


def _fail() -> None:
    raise AssertionError


def test_it_does_not_wait_for_itself() -> None:
    thread = LoopThread("aside")

    async def inner() -> None: ...

    async def outer() -> None:
        thread.run(inner())

    with pytest.raises(RuntimeError, match="a mock cannot wait for itself"):
        thread.run(outer())
    thread.stop()


def test_it_can_be_stopped_from_within() -> None:
    thread = LoopThread("aside")
    done: Future[None] = Future()

    def stop() -> None:
        thread.stop()
        done.set_result(None)

    thread.post(stop)

    done.result()
    thread.stop()


def test_what_keeps_it_from_running_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_loop() -> asyncio.AbstractEventLoop:
        raise OSError("no descriptors left")

    monkeypatch.setattr(loop_thread, "new_loop", no_loop)
    with pytest.raises(OSError, match="no descriptors left"):
        LoopThread("aside")


def test_a_loop_is_asyncios_own_where_there_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)

    loop = new_loop()

    assert type(loop).__module__.startswith("asyncio")
    loop.close()
