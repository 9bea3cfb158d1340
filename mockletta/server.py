"""A server of one's own: on a free port, in a thread, stopped at once."""

import asyncio
import socket
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from types import FrameType, TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from mockletta.app import create_app, create_router
from mockletta.brain.decisions import Brain
from mockletta.connections import Connection
from mockletta.engine import Engine, end_all_turns
from mockletta.errors import BadSettings
from mockletta.mock import IN_PROCESS, Mock
from mockletta.quirks import parse_names
from mockletta.settings import (
    DEFAULT_HOST,
    DEFAULT_KEEPALIVE,
    DEFAULT_MAX_BODY,
    Pace,
    Settings,
)
from mockletta.snapshots import snapshot
from mockletta.state.clock import Clock
from mockletta.state.ids import Ids
from mockletta.world import World
from mockletta.worlds import Worlds

BACKLOG = 2048
SECONDS_TO_END = 0.25
"""How long connections may take to end by themselves when the server stops."""
SECONDS_BETWEEN_TICKS = 1
SECONDS_BETWEEN_LOOKS = 0.001
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; OSError if the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def url_of(listener: socket.socket) -> str:
    """The base URL of a listening socket; one that listens everywhere is called localhost."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{'localhost' if host in EVERYWHERE else shown}:{port}"


def make_world(settings: Settings, brain: Brain | None = None) -> World:
    """A world as the settings say, its seed loaded; BadSettings if they cannot be."""
    world = World(
        brain=brain,
        quirks=settings.make_quirks(),
        clock=make_clock(settings),
        ids=Ids(settings.ids_seed),
        keepalive=settings.keepalive,
        pace=settings.pace,
    )
    world.faults.operations = frozenset(create_router().endpoints)
    if settings.seed is not None:
        from mockletta.seed import load_seed  # noqa: PLC0415 - few servers need YAML

        load_seed(world, settings.seed)
    world.origin = snapshot(world)
    return world


def make_worlds(settings: Settings) -> Worlds:
    """The worlds of a server: one for all, or with tenancy one for each key."""
    make = partial(make_world, settings) if settings.tenancy == "key" else None
    return Worlds(make_world(settings), make=make, limit=settings.max_worlds)


def make_clock(settings: Settings) -> Clock:
    """The clock of a world; BadSettings for a time that is none."""
    try:
        return Clock(settings.frozen_at, tick=settings.tick)
    except ValueError as error:
        raise BadSettings(str(error)) from error


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
        self.should_exit = True
        self._stopping.set()
        if self._serving is not None:
            await self._serving

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._settled.set()
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), SECONDS_BETWEEN_TICKS)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        await end_all_turns(self._worlds)
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
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_END):
                while state.connections or state.tasks:  # noqa: ASYNC110 - they tell nobody
                    await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
                return True
        return False


def make_server(
    worlds: Worlds, max_body: int = DEFAULT_MAX_BODY, admin_token: str | None = None
) -> Server:
    """A server over its worlds, yet to be run on a listening socket."""
    app = create_app(worlds, max_body=max_body, admin_token=admin_token)
    return server_of(app, worlds)


def server_of(app: ASGIApp, worlds: Worlds) -> Server:
    """A server over an application and its worlds, yet to be run on a listening socket. Where time
    stands still from the start, responses have no `Date`, which would go by the real clock."""
    return Server(
        uvicorn.Config(
            _Quiet(app),
            lifespan="off",
            log_config=None,
            access_log=False,
            date_header=not worlds.main.clock.frozen,
            ws="none",
            http=Connection,
        ),
        worlds,
    )


class _Quiet:
    """Says nothing of requests that are cancelled: only a server that stops does that."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(asyncio.CancelledError):
            await self._app(scope, receive, send)


class MockLetta(Mock):
    """A fake Letta for as long as a `with` block lasts.

    >>> with MockLetta() as mock:
    ...     client = Letta(base_url=mock.base_url, api_key="any")

    With `port=None` it listens nowhere: `client()` and `transport()` go there in process.

    `clock` is a time to freeze the world's clock at, `ids_seed` fixes all ids; `deterministic` does
    both, so that the same requests give the same bytes.
    """

    def __init__(  # noqa: PLR0913 - one parameter for each setting
        self,
        *,
        seed: str | None = None,
        quirks: Iterable[str] = (),
        brain: Brain | None = None,
        keepalive: float = DEFAULT_KEEPALIVE,
        pace: Pace | None = None,
        clock: datetime | str | None = None,
        ids_seed: int | None = None,
        deterministic: bool = False,
        max_body: int = DEFAULT_MAX_BODY,
        host: str = DEFAULT_HOST,
        port: int | None = 0,
    ) -> None:
        settings = Settings(
            seed=seed,
            quirks=parse_names(quirks),
            keepalive=keepalive,
            pace=pace or Pace(),
            max_body=max_body,
            frozen_at=clock,
            ids_seed=ids_seed,
        )
        world = make_world(settings.deterministic() if deterministic else settings, brain)
        self.worlds = Worlds(world)
        engine = Engine(create_app(self.worlds, max_body=max_body), self.worlds)
        super().__init__(engine, world)
        self._host = host
        self._port = port
        self._server: Server | None = None

    def start(self) -> Self:
        """Listen and serve; requests are answered as soon as this returns. Raises what prevents
        it, such as OSError for a port that is taken, and leaves nothing behind then."""
        if self._engine.url is not None:
            raise RuntimeError(f"MockLetta is started already, at {self._engine.url}")
        self._engine.resume()
        if self._port is None:
            self._engine.url = IN_PROCESS
            return self
        listener = listen(self._host, self._port)
        try:
            self._engine.url = url_of(listener)
            server = server_of(self._engine.app, self.worlds)
            self._engine.run(server.open(listener))
        except BaseException:
            self.stop()
            listener.close()
            raise
        self._server = server
        return self

    def stop(self) -> None:
        """Stop serving, also in process; streams that are open end. It can be started again."""
        self._engine.url = None
        server, self._server = self._server, None
        try:
            if server is not None:
                self._engine.run(server.close())
        finally:
            self._engine.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
