"""The HTTP server: uvicorn, without polling."""

import asyncio
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from mockletta.hosting.batch_accepting import BatchAccepting
from mockletta.hosting.connections import Connection, warn_without_fast_path
from mockletta.hosting.known_heads import KnownHeads
from mockletta.hosting.listening import BACKLOG
from mockletta.hosting.runtime import end_all_turns, wake_all
from mockletta.hosting.system_limits import SystemLimits
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

SECONDS_TO_END = 0.25
"""The seconds that connections may take to close when the server stops."""
SECONDS_TO_KEEP_IDLE = 75
"""The seconds that a connection may be idle. Clients keep idle connections for less (httpx for 5
s), so they never send a request on a connection that the server is closing."""
SECONDS_BETWEEN_TICKS = 1
SECONDS_BETWEEN_CHECKS = 0.001
SECONDS_BETWEEN_LOOKS = 0.02


def _raise_failure(task: asyncio.Task[None]) -> None:
    """Raise what ended a task, so that the loop shows it at once."""
    if not task.cancelled():
        task.result()


class Server(uvicorn.Server):
    """A uvicorn server that sleeps until there is work, and stops at once.

    When it stops, it cancels the turns in progress and closes connections with unfinished requests.
    uvicorn's own server polls every 100 ms, while it runs and while it stops. With a world to load
    ahead for, it loads in the background what the first requests need. `drain` is the number of
    seconds that open requests may take to end when it stops; a second Ctrl-C does not wait for
    them.
    """

    def __init__(self, config: uvicorn.Config, worlds: Iterable[World]) -> None:
        super().__init__(config)
        self._worlds = worlds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._started = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None
        self.loads_ahead_for: World | None = None
        self.drain = 0.0
        self._limits = SystemLimits(())
        self._accepting: list[BatchAccepting] = []

    async def open(self, listener: socket.socket) -> None:
        """Start to serve in a task. Raises the error that prevents it."""
        self._serving = asyncio.create_task(self.serve([listener]))
        self._serving.add_done_callback(lambda _: self._started.set())
        await self._started.wait()
        if self._serving.done():
            self._serving.result()

    async def close(self) -> None:
        """Stop serving and wait until the server has stopped."""
        self.end()
        if self._serving is not None:
            await self._serving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._limits = SystemLimits(sockets or ())
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        factory = partial(
            Connection,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        self._accepting = [BatchAccepting(loop, one, factory) for one in sockets or ()]

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        wake_all(self._worlds)
        self._started.set()
        ahead = asyncio.create_task(self._load_ahead())
        ahead.add_done_callback(_raise_failure)
        while not await self.on_tick(0):
            self._limits.check(len(self.server_state.connections))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), SECONDS_BETWEEN_TICKS)
        ahead.cancel()

    async def _load_ahead(self) -> None:
        world = self.loads_ahead_for
        if world is not None:
            from mockletta.hosting.loading_ahead import load_ahead  # noqa: PLC0415 - not at the start

            await load_ahead(world)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.end()

    def end(self) -> None:
        """Make the server stop soon. Callable from any thread and from signal handlers."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for accepting in self._accepting:
            accepting.stop()
        for listener in sockets or []:
            listener.close()
        await self._drain()
        end_all_turns(self._worlds)
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is not None and cycle.more_body and connection.transport is not None:
                connection.transport.close()
            connection.shutdown()
        if not await self._all_closed():
            await self._abort_all()

    async def _drain(self) -> None:
        """Close idle connections, and the others when their answer is complete."""
        state, until = self.server_state, time.monotonic() + self.drain
        for connection in list(state.connections) if self.drain else ():
            connection.shutdown()
        while state.connections and time.monotonic() < until and not self.force_exit:  # noqa: ASYNC110
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def _abort_all(self) -> None:
        """Abort connections whose clients do not read, and cancel requests that are still
        waiting."""
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(SECONDS_BETWEEN_CHECKS)
        for task in self.server_state.tasks:
            task.cancel()
        await self._all_closed()

    async def _all_closed(self) -> bool:
        state = self.server_state
        until = time.monotonic() + SECONDS_TO_END
        while (state.connections or state.tasks) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(SECONDS_BETWEEN_CHECKS)
        return not state.connections and not state.tasks


def server_of(app: ASGIApp, worlds: Worlds) -> Server:
    """Create a server for an application and its worlds; `open` runs it on a listening socket.

    With a frozen clock responses have no `Date` header, which would show the real time.
    """
    warn_without_fast_path()
    return Server(_config(app, date_header=not worlds.main.clock.frozen), worlds)


def bare_server_of(app: ASGIApp) -> Server:
    """Create a server for an application without worlds. It adds no headers of its own."""
    return Server(_config(app, date_header=False, server_header=False), ())


def _config(
    app: ASGIApp, *, date_header: bool = True, server_header: bool = True
) -> uvicorn.Config:
    return uvicorn.Config(
        _WithoutCancellations(app),
        lifespan="off",
        log_config=None,
        access_log=False,
        backlog=BACKLOG,
        ws="none",
        http=Connection,
        timeout_keep_alive=SECONDS_TO_KEEP_IDLE,
        date_header=date_header,
        server_header=server_header,
    )


class _WithoutCancellations:
    """Hides cancelled requests from uvicorn's log: requests are only cancelled when the server
    stops."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.begin = getattr(app, "begin", None)
        self.heads = KnownHeads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(asyncio.CancelledError):
            await self._app(scope, receive, send)
