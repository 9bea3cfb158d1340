"""The server that is recorded, as an HTTP client reaches it."""

import ssl
from collections.abc import AsyncIterable
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from mockletta.errors import BadSettings
from mockletta.recordings.live_exchange import READABLE
from mockletta.recordings.recording import Pairs

SECONDS_TO_CONNECT = 30.0
IDLE_CONNECTIONS = 100
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
"""Headers that are about one connection, not about the message."""


class Upstream:
    """A server at a base URL. `ca_file` has certificates to trust besides the usual ones.

    Raises BadSettings for a URL that is not one of a server, or for a bad file.
    """

    def __init__(self, url: str, ca_file: str | None = None) -> None:
        self.url = checked_url(url)
        self._base = httpx.URL(self.url)
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=SECONDS_TO_CONNECT),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=IDLE_CONNECTIONS),
            verify=_context(ca_file) if self.url.startswith("https:") else False,
            trust_env=not is_loopback(self.url),
        )

    async def send(
        self, method: str, target: str, headers: Pairs, body: AsyncIterable[bytes] | None
    ) -> httpx.Response:
        """Send a request and return the response, whose body is still to come."""
        raw_path = self._base.raw_path.rstrip(b"/") + target.encode("latin-1")
        request = httpx.Request(
            method,
            self._base.copy_with(raw_path=raw_path),
            headers=[(name, value) for name, value in headers if name not in HOP_BY_HOP],
            content=body,
        )
        if "accept-encoding" in request.headers:
            request.headers["accept-encoding"] = _readable(request.headers["accept-encoding"])
        return await self._client.send(request, stream=True)

    def relative(self, location: str) -> str:
        """Return a location below this server as a path, so that a client stays with the proxy."""
        base = self.url.rstrip("/")
        return location[len(base) :] if location.startswith(f"{base}/") else location

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def checked_url(url: str) -> str:
    """Return a base URL without its final slash. Raises BadSettings if it is not one."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSettings(f"{url} is no URL of a server, such as https://api.letta.com")
    if parts.query or parts.fragment or parts.username:
        raise BadSettings(f"{url}: expected only a host, a port and a path")
    return url.rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether a URL is one of this machine."""
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


def _readable(accepted: str) -> str:
    """Leave out compressions that a recording could not look into for secrets."""
    offered = [one.strip() for one in accepted.split(",")]
    kept = [one for one in offered if one.partition(";")[0].strip() in (*READABLE, "identity")]
    return ", ".join(kept) or "identity"
