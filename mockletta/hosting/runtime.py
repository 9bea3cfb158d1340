"""What all ways into a mock share: its application, its worlds, and the one loop they run on."""

import threading
import weakref
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from starlette.types import ASGIApp

from mockletta.hosting.loop_thread import LoopThread
from mockletta.turns.cancelling import cancel_all
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

Result = TypeVar("Result")


class Stopped(RuntimeError):
    """The mock is stopped: nobody is there to answer."""


class Engine:
    """An application over its worlds.

    Turns wait for each other, and for a loop's time: whoever serves a world, on a socket or in
    process, has to use the same loop. It is started when it is first needed. An engine that is
    no longer referred to ends it. `url` is where it answers, None while it does not.
    """

    def __init__(self, app: ASGIApp, worlds: Worlds) -> None:
        self.app = app
        self.worlds = worlds
        self.url: str | None = None
        self._lock = threading.Lock()
        self._stopped = False
        self._thread: LoopThread | None = None
        self._finalizer: weakref.finalize[[], Engine] | None = None

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine on the loop and wait for its result."""
        with self._lock:
            thread = self._running(coroutine)
        return thread.run(coroutine)

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> Callable[[Callable[[], object]], None]:
        """Begin a coroutine on the loop; what is returned calls something on the same loop.

        Raises Stopped after `stop`.
        """
        with self._lock:  # a loop that is told to end has begun all that it was given
            thread = self._running(coroutine)
            thread.spawn(coroutine)
        return thread.post

    def call(self, function: Callable[[], Result]) -> Result:
        """Call something that wakes those who wait for a turn: on the loop if it runs."""
        if self._thread is None:
            return function()
        return self.run(_called(function))

    def show(self, worlds: Worlds) -> None:
        """Serve other worlds from now on; turns under way in those of before are cancelled."""
        self.call(partial(self._show, worlds))

    def _show(self, worlds: Worlds) -> None:
        end_all_turns(self.worlds)
        self.worlds.take_over(worlds)
        wake_all(self.worlds)

    def forget(self, key: str) -> None:
        """Serve the world of a key no more, if it has one; to be called on the loop."""
        world = self.worlds.by_key.pop(key, None)
        if world is not None:
            world.run(partial(_end_turns, world))

    def resume(self) -> None:
        """Work again after `stop`."""
        self._stopped = False

    def stop(self) -> None:
        """Cancel the turns under way and end the loop."""
        with self._lock:
            self._stopped = True
            thread, self._thread = self._thread, None
            finalizer, self._finalizer = self._finalizer, None
        if thread is None or finalizer is None:
            return
        finalizer.detach()
        try:
            thread.run(_called(partial(end_all_turns, self.worlds)))
        finally:
            thread.stop()

    def _running(self, coroutine: Coroutine[Any, Any, Any]) -> LoopThread:
        if self._stopped:
            coroutine.close()
            raise Stopped("the mock is stopped")
        if self._thread is None:
            self._thread = LoopThread("mockletta")
            self._finalizer = weakref.finalize(self, self._thread.stop)
            self._thread.post(partial(wake_all, self.worlds))
        return self._thread


async def _called(function: Callable[[], Result]) -> Result:
    return function()


def end_all_turns(worlds: Worlds) -> None:
    """Cancel the turns under way in all worlds; to be called on their loop."""
    for world in worlds:
        world.run(partial(_end_turns, world))


def wake_all(worlds: Worlds) -> None:
    """Have what is scheduled in all worlds happen in time; to be called on their loop."""
    for world in worlds:
        world.wake()


def _end_turns(world: World) -> None:
    cancel_all(world)
    for task in list(world.tasks):
        task.cancel()
    if world.timetable is not None:
        world.timetable.stop()
    world.faults.stalls.end()
