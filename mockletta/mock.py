"""The test author's handle on one world at one address."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mockletta.engine import Engine
from mockletta.world import World

if TYPE_CHECKING:
    from letta_client import AsyncLetta, Letta

    from mockletta.transport import AsyncTransport, Transport

API_KEY = "mockletta"
IN_PROCESS = "http://mockletta.invalid"
"""The address of a mock without a port: only its own transports lead there."""
BASE_URL, KEY = "LETTA_BASE_URL", "LETTA_API_KEY"
NOT_STARTED = "MockLetta is not started: use it in a `with` block"
NO_PORT = (
    "This MockLetta has no port, so nobody else can reach it: leave out `port=None`, "
    "or take client() or transport()"
)


class Mock:
    """One fake Letta as a test sees it: `world` is what it knows, `base_url` and `api_key` are how
    an app gets to it."""

    def __init__(self, engine: Engine, world: World, api_key: str = API_KEY) -> None:
        self.world = world
        self.api_key = api_key
        self._engine = engine

    @property
    def base_url(self) -> str:
        """Where it answers; RuntimeError while nobody listens there."""
        if self._engine.url is None:
            raise RuntimeError(NOT_STARTED)
        return self._engine.url

    @contextmanager
    def environ(self) -> Iterator[None]:
        """Set LETTA_BASE_URL and LETTA_API_KEY, for code that makes its own client, and put back
        what was there."""
        if self.base_url == IN_PROCESS:
            raise RuntimeError(NO_PORT)
        before = {name: os.environ.get(name) for name in (BASE_URL, KEY)}
        os.environ.update({BASE_URL: self.base_url, KEY: self.api_key})
        try:
            yield
        finally:
            for name, value in before.items():
                _put_back(name, value)

    def client(self, **options: Any) -> "Letta":  # noqa: ANN401 - the SDK knows them
        """A client of the SDK's; it takes the SDK's own options. Close it when it is done.

        It loads no certificates and goes past any proxy, since it never leaves this machine.
        """
        with _needs("letta-client"):
            from letta_client import DefaultHttpxClient, Letta  # noqa: PLC0415 - the SDK is slow
        if "http_client" not in options:
            options["http_client"] = DefaultHttpxClient(**self._way(self.transport))
        return Letta(**{"base_url": self.base_url, "api_key": self.api_key, **options})

    def async_client(self, **options: Any) -> "AsyncLetta":  # noqa: ANN401 - the SDK knows them
        """The asynchronous twin of `client`."""
        with _needs("letta-client"):
            from letta_client import AsyncLetta, DefaultAsyncHttpxClient  # noqa: PLC0415
        if "http_client" not in options:
            options["http_client"] = DefaultAsyncHttpxClient(**self._way(self.async_transport))
        return AsyncLetta(**{"base_url": self.base_url, "api_key": self.api_key, **options})

    def transport(self) -> "Transport":
        """For `httpx.Client(transport=...)`: requests go to this mock without a port, whatever
        their host; ImportError without httpx."""
        with _needs("httpx"):
            from mockletta.transport import Transport  # noqa: PLC0415
        return Transport(self._engine)

    def async_transport(self) -> "AsyncTransport":
        """For `httpx.AsyncClient(transport=...)`, on any loop of asyncio's."""
        with _needs("httpx"):
            from mockletta.transport import AsyncTransport  # noqa: PLC0415
        return AsyncTransport(self._engine)

    def _way(self, transport: Callable[[], object]) -> dict[str, Any]:
        """How an HTTP client gets there."""
        if self.base_url == IN_PROCESS:
            return {"transport": transport()}
        return {"verify": False, "trust_env": False}


@contextmanager
def _needs(package: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"This needs {package}: pip install {package}", name=error.name
        ) from error


def _put_back(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
