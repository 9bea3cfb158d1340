"""An event loop in its own thread."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

Result = TypeVar("Result")
SECONDS_TO_END = 5.0
"""The seconds that `stop` waits for the thread. If warnings are errors, closing a uvloop loop that
has an open connection never ends."""


class LoopThread:
    """A loop that runs from its creation until it is stopped.

    Creating it raises the error that keeps the loop from running. The thread is a daemon, so it
    does not keep a program alive.
    """

    def __init__(self, name: str) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        running: Future[tuple[asyncio.AbstractEventLoop, Callable[[], None]]] = Future()
        self._thread = threading.Thread(target=_run, args=(running,), name=name, daemon=True)
        self._thread.start()
        self._loop, self._end = running.result()

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine on the loop and wait for its result."""
        self._refuse_itself(coroutine)
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result()
        finally:
            future.cancel()

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Start a coroutine on the loop without waiting for it."""
        self._refuse_itself(coroutine)
        self._loop.call_soon_threadsafe(self._begin, coroutine)

    def post(self, callback: Callable[[], object]) -> None:
        """Call a function on the loop soon. Does nothing if the loop has stopped."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(callback)

    def stop(self) -> None:
        """Cancel all tasks of the loop and end the thread. Does nothing if it has stopped."""
        self.post(self._end)
        if threading.current_thread() is not self._thread:
            self._thread.join(SECONDS_TO_END)

    def _begin(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _refuse_itself(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise RuntimeError(
                "a mock cannot wait for itself: this was called from within one of its answers"
            )


def _run(running: Future[tuple[asyncio.AbstractEventLoop, Callable[[], None]]]) -> None:
    try:
        runner = asyncio.Runner(loop_factory=new_loop)
        runner.get_loop()
    except BaseException as error:  # noqa: BLE001 - it is raised where the thread was started
        running.set_exception(error)
        return
    with runner:
        runner.run(_until_ended(running))


async def _until_ended(
    running: Future[tuple[asyncio.AbstractEventLoop, Callable[[], None]]],
) -> None:
    ended = asyncio.Event()
    running.set_result((asyncio.get_running_loop(), ended.set))
    await ended.wait()


def new_loop() -> asyncio.AbstractEventLoop:
    """Create a uvloop loop if uvloop is installed, else a loop of asyncio."""
    try:
        import uvloop  # noqa: PLC0415 - not on Windows
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
