"""The runtime that all ways into a mock share: its application, its worlds and their loop."""

import threading
import weakref
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any, TypeVar

from starlette.types import ASGIApp

from mockletta.hosting.loop_thread import LoopThread
from mockletta.turns.cancelling import abort_all
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

Result = TypeVar("Result")


class Stopped(RuntimeError):
    """The mock is stopped and does not answer."""


class Runtime:
    """An application, its worlds, and the loop that serves them on a socket and in process.

    There is one loop, since turns wait for each other and for timers. It is started on first use,
    and ends when nothing refers to the runtime any more. `url` is the address of the server, None
    while it does not listen.
    """

    def __init__(self, app: ASGIApp, worlds: Worlds) -> None:
        self.app = app
        self.worlds = worlds
        self.url: str | None = None
        self._lock = threading.Lock()
        self._stopped = False
        self._thread: LoopThread | None = None
        self._finalizer: weakref.finalize[[], Runtime] | None = None

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine on the loop and wait for its result."""
        with self._lock:
            thread = self._running(coroutine)
        return thread.run(coroutine)

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> Callable[[Callable[[], object]], None]:
        """Start a coroutine on the loop. Return a function that calls another one on the same loop.

        Raises Stopped after `stop`.
        """
        with self._lock:  # what is spawned before `stop` is started before the loop ends
            thread = self._running(coroutine)
            thread.spawn(coroutine)
        return thread.post

    def call(self, function: Callable[[], Result]) -> Result:
        """Call a function that may wake tasks: on the loop if it is running, else here."""
        if self._thread is None:
            return function()
        return self.run(_called(function))

    def switch(self, worlds: Worlds) -> None:
        """Serve other worlds from now on. Turns in progress in the old worlds are cancelled."""
        self.call(partial(self._switch, worlds))

    def _switch(self, worlds: Worlds) -> None:
        end_all_turns(self.worlds)
        self.worlds.take_over(worlds)
        wake_all(self.worlds)

    def forget(self, key: str) -> None:
        """Remove the world of a key, if it has one. Call this on the loop."""
        world = self.worlds.by_key.pop(key, None)
        if world is not None:
            world.run(partial(_end_turns, world))

    def resume(self) -> None:
        """Allow the loop to start again after `stop`."""
        self._stopped = False

    def stop(self) -> None:
        """Cancel the turns in progress and end the loop."""
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


def end_all_turns(worlds: Iterable[World]) -> None:
    """Cancel the turns in progress in all worlds. Call this on their loop."""
    for world in worlds:
        world.run(partial(_end_turns, world))


def wake_all(worlds: Iterable[World]) -> None:
    """Set the timers of all worlds for their scheduled work. Call this on their loop."""
    for world in worlds:
        world.wake()


def _end_turns(world: World) -> None:
    abort_all(world)
    for task in list(world.tasks):
        task.cancel()
    if world.timetable is not None:
        world.timetable.stop()
    world.faults.stalls.end()
