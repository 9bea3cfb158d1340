"""The HTTP server: it sleeps until it is needed and stops at once."""

import asyncio
import socket
import time
from contextlib import suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from mockletta.hosting.connections import Connection, warn_without_fast_path
from mockletta.hosting.runtime import end_all_turns, wake_all
from mockletta.world.worlds import Worlds

SECONDS_TO_END = 0.25
"""How long connections may take to end by themselves when the server stops."""
SECONDS_TO_KEEP_IDLE = 75
"""How long a connection may be idle: longer than clients keep one for their next request, 5 s with
httpx. If the server closed it first, that request could meet a connection that is just ending."""
SECONDS_BETWEEN_TICKS = 1
SECONDS_BETWEEN_LOOKS = 0.001


class Server(uvicorn.Server):
    """A uvicorn server that sleeps until it is needed and stops at once.

    It ends the turns under way, and the connections whose requests have not come whole; uvicorn's
    own looks every 100 ms whether it should stop, and then whether it has.
    """

    def __init__(self, config: uvicorn.Config, worlds: Worlds) -> None:
        super().__init__(config)
        self._worlds = worlds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._settled = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    async def open(self, listener: socket.socket) -> None:
        """Serve from now on, in a task; raises what prevents it."""
        self._serving = asyncio.create_task(self.serve([listener]))
        self._serving.add_done_callback(lambda _: self._settled.set())
        await self._settled.wait()
        if self._serving.done():
            self._serving.result()

    async def close(self) -> None:
        """Stop serving, and wait until that is done."""
        self.end()
        if self._serving is not None:
            await self._serving

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        wake_all(self._worlds)
        self._settled.set()
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), SECONDS_BETWEEN_TICKS)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.end()

    def end(self) -> None:
        """Have it stop soon; for any thread, and for signals."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        end_all_turns(self._worlds)
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is not None and cycle.more_body and connection.transport is not None:
                connection.transport.close()
            connection.shutdown()
        if not await self._all_gone():
            await self._break_off()

    async def _break_off(self) -> None:
        """End connections whose clients do not read and requests that wait for something else."""
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        for task in self.server_state.tasks:
            task.cancel()
        await self._all_gone()

    async def _all_gone(self) -> bool:
        state = self.server_state
        until = time.monotonic() + SECONDS_TO_END
        while (state.connections or state.tasks) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        return not state.connections and not state.tasks


def server_of(app: ASGIApp, worlds: Worlds) -> Server:
    """A server over an application and its worlds, yet to be run on a listening socket. Where time
    stands still from the start, responses have no `Date`, which would go by the real clock."""
    warn_without_fast_path()
    return Server(
        uvicorn.Config(
            _Quiet(app),
            lifespan="off",
            log_config=None,
            access_log=False,
            date_header=not worlds.main.clock.frozen,
            ws="none",
            http=Connection,
            timeout_keep_alive=SECONDS_TO_KEEP_IDLE,
        ),
        worlds,
    )


class _Quiet:
    """Says nothing of requests that are cancelled: only a server that stops does that."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.begin = getattr(app, "begin", None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(asyncio.CancelledError):
            await self._app(scope, receive, send)
