"""A server of one's own: on a free port, in a thread, stopped at once."""

import socket
import threading
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self

import uvicorn

from mockletta.app import create_app, create_router
from mockletta.brain.decisions import Brain
from mockletta.connections import Connection
from mockletta.errors import BadSettings
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
from mockletta.turns.driver import cancel
from mockletta.world import World
from mockletta.worlds import Worlds

BACKLOG = 2048
SECONDS_TO_STOP = 1
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
    """A uvicorn server that does not wait when it stops: it ends the turns under way, and the
    connections whose requests have not come whole."""

    def __init__(self, config: uvicorn.Config, worlds: Worlds) -> None:
        super().__init__(config)
        self._worlds = worlds

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for world in self._worlds:
            with world.lock:
                for run_id in list(world.active):
                    cancel(world, run_id)
                world.faults.stalls.end()
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is not None and cycle.more_body and connection.transport is not None:
                connection.transport.close()
        await super().shutdown(sockets)


def make_server(
    worlds: Worlds, max_body: int = DEFAULT_MAX_BODY, admin_token: str | None = None
) -> Server:
    """A server over its worlds, yet to be run on a listening socket. Where time stands still from
    the start, responses have no `Date`, which would go by the real clock."""
    return Server(
        uvicorn.Config(
            create_app(worlds, max_body=max_body, admin_token=admin_token),
            lifespan="off",
            log_config=None,
            access_log=False,
            date_header=not worlds.main.clock.frozen,
            timeout_graceful_shutdown=SECONDS_TO_STOP,
            ws="none",
            http=Connection,
        ),
        worlds,
    )


class MockLetta:
    """A fake Letta for as long as a `with` block lasts.

    >>> with MockLetta() as mock:
    ...     client = Letta(base_url=mock.base_url, api_key="any")

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
        port: int = 0,
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
        self.world = make_world(settings.deterministic() if deterministic else settings, brain)
        self.worlds = Worlds(self.world)
        self._address = (host, port)
        self._max_body = max_body
        self._listener: socket.socket | None = None
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        """Where the server answers."""
        if self._listener is None:
            raise RuntimeError("MockLetta is not started: use it in a `with` block")
        return url_of(self._listener)

    def start(self) -> Self:
        """Listen and serve; requests are answered as soon as this returns."""
        self._listener = listen(*self._address)
        self._server = make_server(self.worlds, self._max_body)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._listener],), name="mockletta", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving; streams that are open end."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join()
        self._server = self._thread = self._listener = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
