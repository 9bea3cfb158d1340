"""`MockLetta`: a server on a free port, in a thread of this process."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

from starlette.types import ASGIApp

from mockletta.errors import BadSettings
from mockletta.files.snapshots import new_from_origin, snapshot
from mockletta.hosting.application import create_app, create_router
from mockletta.hosting.listening import listen, url_of
from mockletta.hosting.runtime import Runtime
from mockletta.hosting.uvicorn_server import Server, server_of
from mockletta.journal.journal import Journal
from mockletta.settings import (
    DEFAULT_HOST,
    DEFAULT_MAX_BODY,
    Settings,
    Tenancy,
    Unrecorded,
    parse_hosts,
    parse_keys,
)
from mockletta.state.clock import Clock
from mockletta.state.ids import Ids
from mockletta.testing.brain_choice import Named, brain_of
from mockletta.testing.mock import API_KEY, IN_PROCESS, Mock
from mockletta.world.pace import DEFAULT_KEEPALIVE, Pace
from mockletta.world.profiles import DEFAULT_PROFILE, Profile, quirks_of
from mockletta.world.world import World, default_brain
from mockletta.world.worlds import DEFAULT_MAX_WORLDS, Worlds

if TYPE_CHECKING:
    from mockletta.brain.decisions import Brain


def _default_brain(without: tuple[str, ...]) -> "Brain":
    try:
        return default_brain(without)
    except ValueError as error:
        raise BadSettings(str(error)) from error


def make_world(settings: Settings, brain: "Named | None" = None) -> World:
    """Make a world from settings, with its seed. Raises BadSettings if they are invalid."""
    given = brain_of(brain or settings.brain)
    if given is None and settings.switched_off:
        given = _default_brain(settings.switched_off)
    world = World(
        brain=given,
        quirks=settings.make_quirks(),
        clock=make_clock(settings),
        ids=Ids(settings.ids_seed),
        keepalive=settings.keepalive,
        pace=settings.pace,
        journal=Journal(settings.journal_entries, settings.journal_bytes),
        webhooks=settings.webhooks,
    )
    world.timekeeper = _keep_time
    world.faults.operations = lambda pattern: create_router().operations(pattern)
    if settings.seed is not None:
        from mockletta.files.seed import load_seed  # noqa: PLC0415 - few servers need YAML

        load_seed(world, settings.seed)
    if settings.script is not None:
        from mockletta.script.script_files import as_script  # noqa: PLC0415 - few servers have a script
        from mockletta.world.script_replacement import replace_script  # noqa: PLC0415

        replace_script(world, as_script(settings.script))
    world.origin = snapshot(world)
    return world


def _keep_time(world: World) -> None:
    from mockletta.api.cloud.timetable import keep_time  # noqa: PLC0415 - few have a schedule

    keep_time(world)


def make_worlds(
    settings: Settings, brain: "Named | None" = None, own_key: str | None = None
) -> Worlds:
    """Make the worlds of a server: one for all clients, or with tenancy one for each further key,
    which starts as the main one did.
    """
    main = make_world(settings, brain)
    make = partial(new_from_origin, main) if settings.tenancy == "key" else None
    return Worlds(
        main,
        make=make,
        limit=settings.max_worlds,
        own_key=own_key,
        require_key=settings.require_key,
    )


def make_clock(settings: Settings) -> Clock:
    """Make the clock of a world. Raises BadSettings for an invalid time."""
    try:
        return Clock(settings.frozen_at, tick=settings.tick)
    except ValueError as error:
        raise BadSettings(str(error)) from error


def make_server(worlds: Worlds, settings: Settings | None = None) -> Server:
    """Make a server for worlds. Run it on a listening socket."""
    return server_of(make_app(worlds, settings or Settings()), worlds)


def make_app(worlds: Worlds, settings: Settings) -> ASGIApp:
    """Make the application over worlds. A recording answers before it, if the settings name one."""
    app = create_app(
        worlds,
        max_body=settings.max_body,
        admin_token=settings.admin_token,
        console=settings.console,
    )
    if settings.replay is None:
        return app
    from mockletta.recordings.replaying import with_replay  # noqa: PLC0415 - few servers replay

    return with_replay(app, settings)


class MockLetta(Mock):
    """A fake Letta for the duration of a `with` block.

    >>> with MockLetta() as mock:
    ...     client = Letta(base_url=mock.base_url, api_key="any")

    With `port=None` it does not listen: use `client()` or `transport()` in process.

    A `script` is a file of replies, or the content of one. A `brain` replies otherwise: an object
    with `decide`, a function from a turn to its reply, or a URL. Without either the default brain
    replies; without `tool_calls` it calls only tools that update memory,
    and `brain_without` switches entries of its table off. `clock` freezes the
    world's clock at a time, `ids_seed` determines all ids, and `deterministic` does both, so that
    equal requests get equal bytes. With `tenancy="key"` each API key has its own world, up to
    `max_worlds`; `world` is that of the mock's own key. With `require_key` clients must send one of
    some keys, or with `True` any key; the first one is the mock's own. `replay` is a recording that
    answers, at once or at `replay_speed` times its speed; what it does not hold is refused, or
    answered by the mock if `unrecorded` is `fill`. The `profile` is the server
    that is imitated; `quirks` adds to its quirks, and `-NAME` takes one away. Runs call
    back this machine, and the hosts in `webhooks`.
    """

    def __init__(  # noqa: PLR0913 - one parameter for each setting
        self,
        *,
        seed: str | None = None,
        script: str | os.PathLike[str] | Mapping[str, object] | None = None,
        profile: Profile = DEFAULT_PROFILE,
        quirks: Iterable[str] = (),
        brain: "Named | None" = None,
        tool_calls: bool = True,
        brain_without: Sequence[str] = (),
        keepalive: float = DEFAULT_KEEPALIVE,
        pace: Pace | None = None,
        clock: datetime | str | None = None,
        ids_seed: int | None = None,
        deterministic: bool = False,
        tenancy: Tenancy = "none",
        max_worlds: int = DEFAULT_MAX_WORLDS,
        admin_token: str | None = None,
        require_key: bool | str | Sequence[str] = False,
        max_body: int = DEFAULT_MAX_BODY,
        webhooks: Sequence[str] = (),
        replay: str | None = None,
        unrecorded: Unrecorded = "strict",
        replay_speed: float = 0.0,
        host: str = DEFAULT_HOST,
        port: int | None = 0,
    ) -> None:
        settings = Settings(
            seed=seed,
            script=script,
            tool_calls=tool_calls,
            brain_without=tuple(brain_without),
            quirks=quirks_of(profile, quirks),
            keepalive=keepalive,
            pace=pace or Pace(),
            max_body=max_body,
            frozen_at=clock,
            ids_seed=ids_seed,
            tenancy=tenancy,
            max_worlds=max_worlds,
            require_key=parse_keys(require_key),
            webhooks=parse_hosts(webhooks),
            admin_token=admin_token,
            replay=replay,
            unrecorded=unrecorded,
            replay_speed=replay_speed,
        )
        settings = settings.deterministic() if deterministic else settings
        api_key = next(iter(settings.require_key or ()), API_KEY)
        self.worlds = make_worlds(settings, brain, api_key)
        app = make_app(self.worlds, settings)
        super().__init__(Runtime(app, self.worlds), self.worlds.main, api_key)
        self._host = host
        self._port = port
        self._server: Server | None = None

    def start(self) -> Self:
        """Start the server; it answers requests when this returns. Raises an error, such as OSError
        for a port that is taken, without leaving anything behind.
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
        """Stop the server, also in process. Open streams end. It can be started again."""
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
