"""The recorded server, reached through an HTTP client.

The client is httpcore, on which httpx is built. The parts of httpx above it, and its pool, take
longer than the rest of the proxy.
"""

import ssl
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from mockletta.errors import BadSettings
from mockletta.recordings.live_exchange import READABLE
from mockletta.recordings.recording import Pairs

TIMEOUTS = {"connect": 30.0, "read": None, "write": None, "pool": None}
IDLE_CONNECTIONS = 100
SECONDS_IDLE = 5.0
HOP_BY_HOP = frozenset(
    {
        "connection",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers about one connection, not about the message."""
ERRORS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
)
"""The errors of `send` and of reading a response, if the upstream cannot be reached or breaks
off."""


class Upstream:
    """A server at a base URL. `ca_file` has certificates to trust besides the usual ones.

    Raises BadSettings for a bad URL or a bad file.
    """

    def __init__(self, url: str, ca_file: str | None = None) -> None:
        self.url = checked_url(url)
        self._base = httpcore.URL(self.url)
        self._host = urlsplit(self.url).netloc.encode()
        self._context = _context(ca_file) if self.url.startswith("https:") else None
        self._proxied = _proxied(self.url, self._context)
        self._idle: list[httpcore.AsyncHTTPConnection] = []

    @asynccontextmanager
    async def send(
        self, method: str, target: str, headers: Pairs, body: AsyncIterable[bytes] | None
    ) -> AsyncIterator[httpcore.Response]:
        """Send a request. The response is closed at the end, even if its body was not read."""
        connection = self._proxied or await self._connection()
        response = await connection.handle_async_request(
            self._request(method, target, headers, body)
        )
        try:
            yield response
        finally:
            await response.aclose()
            if isinstance(connection, httpcore.AsyncHTTPConnection):
                await self._give_back(connection)

    def _request(
        self, method: str, target: str, headers: Pairs, body: AsyncIterable[bytes] | None
    ) -> httpcore.Request:
        url = httpcore.URL(
            scheme=self._base.scheme,
            host=self._base.host,
            port=self._base.port,
            target=self._base.target.rstrip(b"/") + target.encode("latin-1"),
        )
        return httpcore.Request(
            method,
            url,
            headers=[(b"host", self._host), *_passed_on(headers, is_streamed=body is not None)],
            content=body,
            extensions={"timeout": TIMEOUTS},
        )

    async def _connection(self) -> httpcore.AsyncHTTPConnection:
        """Return an idle connection, or a new one."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return httpcore.AsyncHTTPConnection(
            self._base.origin, self._context, keepalive_expiry=SECONDS_IDLE
        )

    async def _give_back(self, connection: httpcore.AsyncHTTPConnection) -> None:
        if connection.is_idle() and len(self._idle) < IDLE_CONNECTIONS:
            self._idle.append(connection)
        else:
            await connection.aclose()

    def relative(self, location: str) -> str:
        """Return a location below this server as a path, so that a client stays with the proxy."""
        return location[len(self.url) :] if location.startswith(f"{self.url}/") else location

    async def close(self) -> None:
        """Close all connections."""
        for connection in self._idle:
            await connection.aclose()
        if self._proxied is not None:
            await self._proxied.aclose()


def checked_url(url: str) -> str:
    """Return a base URL without its final slash. Raises BadSettings if it is not one."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSettings(f"{url} is no URL of a server, such as https://api.letta.com")
    if parts.query or parts.fragment or parts.username:
        raise BadSettings(f"{url}: expected only a host, a port and a path")
    return url.rstrip("/")


def is_loopback(url: str) -> bool:
    """Return whether a URL is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _context(ca_file: str | None) -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise BadSettings(f"{ca_file}: not a file of certificates: {error}") from error
    return context


def _proxied(url: str, context: ssl.SSLContext | None) -> httpcore.AsyncHTTPProxy | None:
    """Return connections through the HTTP proxy that the environment names for a URL, if any."""
    parts = urlsplit(url)
    if is_loopback(url) or proxy_bypass(str(parts.hostname)):
        return None
    named = getproxies()
    proxy_url = named.get(parts.scheme) or named.get("all")
    if not proxy_url:
        return None
    try:
        proxy = httpx.Proxy(proxy_url if "://" in proxy_url else f"http://{proxy_url}")
    except (ValueError, httpx.InvalidURL) as error:
        raise BadSettings(f"the proxy of the environment: {error}") from error
    if not proxy.url.scheme.startswith("http"):
        raise BadSettings(f"the proxy of the environment is not an HTTP proxy: {proxy.url}")
    return httpcore.AsyncHTTPProxy(
        str(proxy.url),
        proxy.raw_auth,
        ssl_context=context,
        max_connections=None,
        max_keepalive_connections=IDLE_CONNECTIONS,
        keepalive_expiry=SECONDS_IDLE,
    )


def _passed_on(headers: Pairs, *, is_streamed: bool) -> list[tuple[bytes, bytes]]:
    """Return the request headers that are passed on to the upstream."""
    passed = [
        (name.encode("latin-1"), _accepted(name, value).encode("latin-1"))
        for name, value in headers
        if name not in HOP_BY_HOP
    ]
    if is_streamed and not any(name == b"content-length" for name, _ in passed):
        passed.append((b"transfer-encoding", b"chunked"))
    return passed


def _accepted(name: str, value: str) -> str:
    """Return a header without the compressions that recordings cannot decompress."""
    if name != "accept-encoding":
        return value
    offered = [one.strip() for one in value.split(",")]
    kept = [one for one in offered if one.partition(";")[0].strip() in (*READABLE, "identity")]
    return ", ".join(kept) or "identity"
