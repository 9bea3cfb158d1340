"""`Mock`: the test author's handle on one world at one address."""

import os
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload
from uuid import uuid4

from mockletta.documents.hints import shown
from mockletta.errors import BadSettings
from mockletta.faults.plan import FaultPlan
from mockletta.files.snapshots import fork, reset, restore, snapshot
from mockletta.hosting.runtime import Runtime
from mockletta.journal.journal import Journal
from mockletta.state.clock import Clock
from mockletta.world.unmet_expectations import unmet_expectations
from mockletta.world.world import Snapshot, World

if TYPE_CHECKING:
    from letta_client import AsyncLetta, Letta

    from mockletta.hosting.transport import AsyncTransport, Transport
    from mockletta.journal.verdict import Verdict
    from mockletta.recordings.record_session import RecordSession
    from mockletta.script.builder import When

Result = TypeVar("Result")
Tool = TypeVar("Tool", bound=Callable[..., object])
API_KEY = "mockletta"
IN_PROCESS = "http://mockletta.invalid"
"""The address of a mock without a port. Only its own transports reach it."""
DIRECTLY: Mapping[str, Any] = MappingProxyType({"verify": False, "trust_env": False})
"""Options of an HTTP client for a port of this machine."""
BASE_URL, KEY = "LETTA_BASE_URL", "LETTA_API_KEY"
NOT_STARTED = "MockLetta is not started: use it in a `with` block"
NO_PORT = (
    "This MockLetta has no port, so other clients cannot reach it: remove `port=None`, "
    "or use client() or transport()"
)


class Mock:
    """One fake Letta for a test. `world` is its state; apps reach it with `base_url` and
    `api_key`."""

    def __init__(self, runtime: Runtime, world: World, api_key: str = API_KEY) -> None:
        self.world = world
        self.api_key = api_key
        self._runtime = runtime

    @property
    def base_url(self) -> str:
        """The URL of the mock. Raises RuntimeError if it has none."""
        if self._runtime.url is None:
            raise RuntimeError(NOT_STARTED)
        return self._runtime.url

    def when(self, text: object = None, /, **conditions: Any) -> "When":  # noqa: ANN401 - see When
        """Add a scripted reply. The rule is active at once.

        >>> mock.when("weather in {city}").say("18 degrees in {{ city }}")
        """
        from mockletta.script.builder import When  # noqa: PLC0415 - few mocks have a script

        return self.world.run(lambda: When(self.world.script, text, **conditions))

    @overload
    def tool(self, name: str, function: Tool) -> Tool: ...
    @overload
    def tool(self, name: str) -> Callable[[Tool], Tool]: ...
    @overload
    def tool(self, name: Tool) -> Tool: ...
    def tool(self, name: str | Tool, function: Tool | None = None) -> Tool | Callable[[Tool], Tool]:
        """Register a function that runs when an agent calls the tool of that name, unless a script
        sets what the call returns. It can be used as a decorator, with or without the tool's
        name.

        The function gets the call's arguments by name. What it returns or raises is the tool's
        return. The server waits for it, so it must be quick and must not use a client of this mock.

        >>> mock.tool("get_weather", lambda city: f"It rains in {city}.")
        """
        if not isinstance(name, str):
            return self.tool(getattr(name, "__name__", ""), name)
        if function is None:
            return partial(self.tool, name)
        self.world.run(partial(self.world.functions.add, name, function))
        return function

    def mcp_server(
        self,
        name: str,
        tools: Iterable[object] = (),
        *,
        url: str | None = None,
        command: str | None = None,
    ) -> None:
        """Declare the tools of an MCP server. A server that the app configures with this name, URL
        or command gets them when it is created or refreshed. Nothing is connected to.

        A tool is a function, or a mapping of `name`, `description`, `parameters` (a JSON schema)
        and what a call `returns`, or an `error` it fails with. A name can be a /regular
        expression/.

        >>> mock.mcp_server("weather", [{"name": "forecast", "returns": "Rain."}])
        """
        from mockletta.script.text_patterns import checked  # noqa: PLC0415 - few mocks have a server
        from mockletta.state.declared_mcp_tools import offer  # noqa: PLC0415 - few mocks have a server

        try:
            checked(name)
        except ValueError as error:
            raise BadSettings(f"mcp_server({name!r}): {error}") from error
        world = self.world
        world.run(lambda: offer(world.store.mcp_offers, world.functions, name, tools, url, command))

    @property
    def faults(self) -> FaultPlan:
        """The planned faults."""
        return self.world.faults

    @property
    def journal(self) -> Journal:
        """The requests and their responses."""
        return self.world.journal

    def verdict(self, allow: Collection[str] = ()) -> "Verdict":
        """Judge how the app handled its responses. The verdict is true if nothing is wrong.

        Findings named in `allow` are ignored. It first waits briefly for responses that are not
        complete.
        """
        self.world.journal.settle()
        from mockletta.journal.verdict import judge  # noqa: PLC0415 - few tests need it

        return judge(self.world.journal, allow)

    @property
    def clock(self) -> Clock:
        """The world's clock, which the test can freeze and move."""
        return self.world.clock

    def reset(self) -> None:
        """Reset the world to its start."""
        self._run_on_loop(partial(reset, self.world))

    def snapshot(self) -> Snapshot:
        """Return the state of the world. It can be restored any number of times, in any mock."""
        return self.world.run(partial(snapshot, self.world))

    def restore(self, taken: Snapshot) -> None:
        """Restore a state of the world. Turns in progress are cancelled first."""
        if not isinstance(taken, Snapshot):
            raise BadSettings(
                f"restore: expected what snapshot() returned, received {shown(taken)}; load(file) "
                "reads a file"
            )
        self._run_on_loop(partial(restore, self.world, taken))

    def save(self, file: str | os.PathLike[str]) -> None:
        """Write the world to a snapshot file, which later versions can read."""
        from mockletta.files.snapshot_file_writing import save  # noqa: PLC0415 - few mocks are saved

        save(self.world, os.fspath(file))

    def load(self, file: str | os.PathLike[str]) -> None:
        """Replace the world by a snapshot file. Raises BadSnapshot if the file is invalid."""
        from mockletta.files.snapshot_file_reading import load  # noqa: PLC0415 - few mocks are loaded

        self._run_on_loop(partial(load, self.world, os.fspath(file)))

    def fork(self) -> "Fork":
        """Return a mock whose new world starts as a copy of this one.

        It has the same address and its own `api_key`. There can be `max_worlds` worlds, so close a
        fork after use, or use it in a `with` block, if you make many.
        """
        key = f"{API_KEY}-fork-{uuid4()}"
        forked = self.world.run(partial(fork, self.world))
        self._runtime.call(partial(self._runtime.worlds.add, key, forked))
        return Fork(self._runtime, forked, key)

    def unmet(self) -> list[str]:
        """Return the unmet expectations at the end of a test, a few lines for each."""
        return self.world.run(partial(unmet_expectations, self.world))

    def _run_on_loop(self, change: Callable[[], None]) -> None:
        """Make a change that ends turns, on their event loop."""
        self._runtime.call(partial(self.world.run, change))

    def wait_for(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine on the mock's own event loop, from synchronous code."""
        return self._runtime.run(coroutine)

    @contextmanager
    def environ(self) -> Iterator[None]:
        """Set LETTA_BASE_URL and LETTA_API_KEY, for code that creates its own client, and restore
        them after."""
        if self.base_url == IN_PROCESS:
            raise RuntimeError(NO_PORT)
        before = {name: os.environ.get(name) for name in (BASE_URL, KEY)}
        os.environ.update({BASE_URL: self.base_url, KEY: self.api_key})
        try:
            yield
        finally:
            for name, value in before.items():
                _put_back(name, value)

    def record(
        self,
        upstream: str | None = None,
        into: "str | Path" = "recording.jsonl",
        **options: Any,  # noqa: ANN401 - RecordOptions checks them
    ) -> "RecordSession":
        """Record requests to a server, or to this mock without an `upstream`.

        >>> with mock.record(upstream="https://api.letta.com", into="a.jsonl") as session:
        ...     client = Letta(base_url=session.base_url, api_key=key)
        """
        with _needs("httpx"):
            from mockletta.recordings.record_session import record  # noqa: PLC0415 - few record
        return record(upstream or self.base_url, into, **options)

    def client(self, *, in_process: bool = False, **options: Any) -> "Letta":  # noqa: ANN401 - the SDK checks them
        """Return a client of the SDK; it takes the SDK's own options. Close it after use.

        It loads no certificates and ignores proxies, since it never leaves this machine. With
        `in_process` it does not use the port either.
        """
        with _needs("letta-client"):
            from letta_client import DefaultHttpxClient, Letta  # noqa: PLC0415 - the SDK is slow
        if "http_client" not in options:
            way = (
                {"transport": self.transport()}
                if in_process or self.base_url == IN_PROCESS
                else DIRECTLY
            )
            options["http_client"] = DefaultHttpxClient(**way)
        return Letta(**{"base_url": self.base_url, "api_key": self.api_key, **options})

    def async_client(self, *, in_process: bool = False, **options: Any) -> "AsyncLetta":  # noqa: ANN401 - the SDK checks them
        """Return an asynchronous client; see `client`."""
        with _needs("letta-client"):
            from letta_client import AsyncLetta, DefaultAsyncHttpxClient  # noqa: PLC0415
        if "http_client" not in options:
            way = (
                {"transport": self.async_transport()}
                if in_process or self.base_url == IN_PROCESS
                else DIRECTLY
            )
            options["http_client"] = DefaultAsyncHttpxClient(**way)
        return AsyncLetta(**{"base_url": self.base_url, "api_key": self.api_key, **options})

    def transport(self) -> "Transport":
        """Return a transport for `httpx.Client(transport=...)`. Requests to any host go to this
        mock without a port. Raises ImportError without httpx.
        """
        with _needs("httpx"):
            from mockletta.hosting.transport import Transport  # noqa: PLC0415
        return Transport(self._runtime)

    def async_transport(self) -> "AsyncTransport":
        """Return a transport for `httpx.AsyncClient(transport=...)`, for any asyncio event loop."""
        with _needs("httpx"):
            from mockletta.hosting.transport import AsyncTransport  # noqa: PLC0415
        return AsyncTransport(self._runtime)


class Fork(Mock):
    """A mock whose world began as a copy of another, and can be closed separately."""

    def close(self) -> None:
        """Remove the world. Its turns in progress are cancelled."""
        self._runtime.call(partial(self._runtime.forget, self.api_key))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _needs(package: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"This needs {package}: pip install {package}", name=error.name
        ) from error
    except ImportError as error:
        from importlib.metadata import version  # noqa: PLC0415 - it takes long to import

        raise ImportError(
            f"This needs {package} 1.0 or newer, and {version(package)} is installed: pip install "
            f"--upgrade {package}",
            name=error.name,
        ) from error


def _put_back(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
