"""Stops SDK clients from reaching a real server by mistake, in tests that use a mock.

A client without a base URL talks to Letta Cloud. Only Letta's clients are stopped, and any client
that talks to Letta's own hosts. Other services of an app are not checked.
"""

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

LETTA_HOSTS = ("letta.com", "*.letta.com")
LOCAL_HOSTS = ("localhost", "*.localhost", "mockletta.invalid")
SDK_AGENTS = ("letta/", "asyncletta/", "letta-client/")
"""The beginnings of the SDKs' user agents."""


class RealHostReached(BaseException):
    """A client of Letta tried to reach a real host. No `except Exception` of an app or of the SDK,
    which would try again, catches it."""

    def __init__(self, request: "httpx.Request") -> None:
        super().__init__(
            f"a client of Letta tried to reach {request.url.host} ({request.method} "
            f"{request.url}), not the mock. Give it `base_url=mockletta.base_url`, or make it "
            "within `with mockletta.environ():`. If the test should reach that host: "
            f"mockletta_allow_hosts = {request.url.host} in the configuration of pytest, or "
            f"@pytest.mark.mockletta(allow_hosts=[{request.url.host!r}])"
        )


@contextmanager
def refuse_real_hosts(allowed: Sequence[str]) -> Iterator[None]:
    """Refuse requests of Letta's clients to hosts of other machines during the block; `allowed` are
    patterns of hosts that may be reached."""
    try:
        import httpx  # noqa: PLC0415 - without it there is no client
    except ModuleNotFoundError:
        yield
        return
    sync, asynchronous = httpx.HTTPTransport, httpx.AsyncHTTPTransport
    before = sync.handle_request, asynchronous.handle_async_request
    _replace(sync, "handle_request", allowed)
    _replace(asynchronous, "handle_async_request", allowed)
    try:
        yield
    finally:
        sync.handle_request, asynchronous.handle_async_request = before  # type: ignore[method-assign]


def _replace(transport: type, name: str, allowed: Sequence[str]) -> None:
    handle: Callable[[Any, httpx.Request], Any] = getattr(transport, name)

    def checked(self: object, request: "httpx.Request") -> Any:  # noqa: ANN401 - an answer, or what is awaited
        if _is_refused(request, allowed):
            raise RealHostReached(request)
        return handle(self, request)

    setattr(transport, name, checked)


def _is_refused(request: "httpx.Request", allowed: Sequence[str]) -> bool:
    host = request.url.host.lower()
    if _is_local(host) or _matches(host, allowed):
        return False
    agent = request.headers.get("user-agent", "").lower()
    return _matches(host, LETTA_HOSTS) or agent.startswith(SDK_AGENTS)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return _matches(host, LOCAL_HOSTS)


def _matches(host: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(host, pattern.lower()) for pattern in patterns)
