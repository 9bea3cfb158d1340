"""`MockLetta`: a server on a free port, in a thread of this process."""

from collections.abc import Iterable
from functools import partial
from types import TracebackType
from typing import Any, Self, Unpack

from starlette.types import ASGIApp

from mockletta.files.snapshots import new_from_origin, snapshot
from mockletta.hosting.application import create_app, create_router
from mockletta.hosting.listening import listen, url_of
from mockletta.hosting.runtime import Runtime
from mockletta.hosting.uvicorn_server import Server, server_of
from mockletta.journal.journal import Journal
from mockletta.settings.reading import read_settings
from mockletta.settings.settings import Settings
from mockletta.state.clock import Clock
from mockletta.state.ids import Ids
from mockletta.testing.brain_choice import brain_of
from mockletta.testing.mock import API_KEY, IN_PROCESS, Mock
from mockletta.testing.mock_settings import OF_PYTHON, OF_WORLD, MockSettings, check_names
from mockletta.world.known_models import STRICT, KnownModels
from mockletta.world.world import World, default_brain
from mockletta.world.worlds import Worlds


def make_world(settings: Settings) -> World:
    """Create a world from settings, with its seed. Raises BadSettings if they are invalid."""
    given = brain_of(settings.brain)
    if given is None and settings.switched_off:
        given = default_brain(settings.switched_off)
    world = World(
        brain=given,
        quirks=settings.make_quirks(),
        clock=Clock(settings.frozen_at, tick=settings.tick),
        ids=Ids(settings.ids_seed),
        keepalive=settings.keepalive,
        pace=settings.pace,
        journal=Journal(settings.journal_entries, settings.journal_bytes),
        webhooks=settings.webhooks,
    )
    handles = [name for name in settings.models if name != STRICT]
    world.models = KnownModels(handles, strict=STRICT in settings.models)
    world.mcp_hosts = settings.mcp
    world.timekeeper = _keep_time
    world.faults.operations = world.journal.operations = _operations
    if settings.seed is not None:
        from mockletta.files.seed import load_seed  # noqa: PLC0415 - few servers need YAML

        load_seed(world, settings.seed)
    if settings.script is not None:
        from mockletta.files.script_replacement import replace_script  # noqa: PLC0415
        from mockletta.script.script_files import as_script  # noqa: PLC0415 - few servers have a script

        replace_script(world, as_script(settings.script))
    world.origin = snapshot(world)
    return world


def _operations(pattern: str) -> Iterable[str]:
    return create_router().operations(pattern)


def _keep_time(world: World) -> None:
    from mockletta.api.cloud.schedules import keep_time  # noqa: PLC0415 - few have a schedule

    keep_time(world)


def make_worlds(settings: Settings, own_key: str | None = None) -> Worlds:
    """Create the worlds of a server: one for all clients, or with tenancy one for each further key,
    which starts like the main one."""
    main = make_world(settings)
    make = partial(new_from_origin, main) if settings.tenancy == "key" else None
    return Worlds(
        main,
        make=make,
        limit=settings.max_worlds,
        own_key=own_key,
        require_key=settings.require_key,
    )


def make_server(worlds: Worlds, settings: Settings | None = None) -> Server:
    """Create a server for worlds. Run it on a listening socket."""
    return server_of(make_app(worlds, settings or Settings()), worlds)


def make_app(worlds: Worlds, settings: Settings) -> ASGIApp:
    """Create the application over worlds. If the settings name a recording, it answers first."""
    app = create_app(
        worlds,
        max_body=settings.max_body,
        admin_token=settings.admin_token,
        console=settings.console,
        host=settings.host,
        allow_host=settings.allow_host,
        allow_origin=settings.allow_origin,
    )
    if settings.replay is None and settings.overrides is None:
        return app
    from mockletta.recordings.replay_app import around  # noqa: PLC0415 - few servers need it

    return around(app, settings)


class MockLetta(Mock):
    """A fake Letta for the duration of a `with` block.

    >>> with MockLetta() as mock:
    ...     client = Letta(base_url=mock.base_url, api_key="any")

    With `port=None` it does not listen: use `client()` or `transport()` in process.

    `seed` and `script` are files, or the content of one as a mapping. A `brain` replies where the
    script does not: an object with `decide`, a function from a turn to its reply, or a URL. Without
    either the default brain replies; without `tool_calls` it calls only tools that update memory,
    and `brain_without` switches entries of its table off. `freeze` freezes the world's clock at a
    time, `ids_seed` determines all ids, and `deterministic` does both, so that equal requests get
    equal bytes. With `tenancy="key"` each API key has its own world, up to `max_worlds`; `world` is
    that of the mock's own key. With `require_key` clients must send one of some keys, or with
    `True` any key; the first one is the mock's own. The `profile` is the server that is imitated;
    `quirks` adds to its quirks, and `-NAME` takes one away. Replies stream at a `pace`, or with the
    parts of one: `ttft`, `tokens_per_second`, `jitter`, `chunk`. `replay` is a recording that
    answers, at once or at `replay_speed` times its speed; what it does not hold is refused, or
    answered by the mock if `unrecorded` is `fill`. `overrides` is a file of corrected answers. Runs
    call back this machine, and the hosts in `webhooks`. MCP servers on the hosts in `mcp` are
    really asked; `loopback` stands for this machine. Requests may name this machine or one of
    `allow_host`, and come from web pages of this machine or of `allow_origin`.

    Raises BadSettings for an invalid setting; the message names it.
    """

    def __init__(self, **given: Unpack[MockSettings]) -> None:
        check_names(given, [one.name for one in OF_PYTHON])
        port = given.pop("port", 0)
        settings = read_settings({**given, "port": port})
        api_key = next(iter(settings.require_key or ()), API_KEY)
        self.worlds = make_worlds(settings, api_key)
        app = make_app(self.worlds, settings)
        super().__init__(Runtime(app, self.worlds), self.worlds.main, api_key)
        self._host = settings.host
        self._port = None if port is None else settings.port
        self._server: Server | None = None

    def start(self) -> Self:
        """Start the server. It answers requests when this returns.

        Raises an error, such as OSError for a port that is in use, and then leaves nothing behind.
        """
        if self._runtime.url is not None:
            raise RuntimeError(f"MockLetta is already started, at {self._runtime.url}")
        self._runtime.resume()
        if self._port is None:
            self._runtime.url = IN_PROCESS
            return self
        listener = listen(self._host, self._port)
        try:
            self._runtime.url = url_of(listener)
            server = server_of(self._runtime.app, self.worlds)
            self._runtime.run(server.open(listener))
        except BaseException:
            self.stop()
            listener.close()
            raise
        self._server = server
        return self

    def stop(self) -> None:
        """Stop the server, also in process. Open streams end. The server can be started again."""
        self._runtime.url = None
        server, self._server = self._server, None
        try:
            if server is not None:
                self._runtime.run(server.close())
        finally:
            self._runtime.stop()

    def serve_worlds_of(self, other: "MockLetta") -> Mock:
        """Serve the worlds of another mock at this address."""
        self._runtime.switch(other.worlds)
        return Mock(self._runtime, other.world, other.api_key)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


class SessionServer:
    """A server that is started once. One test at a time uses it, with any API key; pytest-xdist
    starts one for each worker."""

    def __init__(self) -> None:
        self._server = MockLetta().start()

    def new_mock(self, **settings: Any) -> Mock:  # noqa: ANN401 - MockLetta checks them
        """Return a mock with a new world, which replaces the previous one.

        It takes the settings of MockLetta that are not about the server. Raises BadSettings for
        others.
        """
        check_names(settings, [one.name for one in OF_WORLD])
        return self._server.serve_worlds_of(MockLetta(**settings))

    def close(self) -> None:
        """Stop the server."""
        self._server.stop()
