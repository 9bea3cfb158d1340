"""Access of web pages to the API (CORS), which any page that a developer visits could reach.

The `Origin` shows a page of another site, and `Host` a DNS name that was pointed to this machine
(DNS rebinding). The recorded server accepts both.
"""

import logging
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Scope

from mockletta.errors import Forbidden
from mockletta.http.host_names import host_of, is_address, names_loopback

logger = logging.getLogger("mockletta")
DOCKER_NAMES = frozenset({"host.docker.internal", "host.containers.internal"})
"""The names by which containers know this machine."""
LETTA_ORIGINS = (
    "https://app.letta.com",
    "http://localhost:3000",
    "http://localhost:4200",
    "http://localhost:8083",
    "http://localhost:8283",
)
"""The origins that the recorded server knows."""
LOCAL_ORIGIN = r"https?://([\w-]+\.)*localhost(:\d+)?|https?://(127(\.\d+){3}|\[::1\])(:\d+)?"
"""The origins of pages on this machine, so that apps work from any development server."""
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
MOST_REMEMBERED = 1_000
Pair = tuple[bytes | None, bytes | None]


class BrowserAccess:
    """Checks the `Host` and the `Origin` of requests. `host` is where the server listens.

    If it only listens on this machine, it answers to loopback names, addresses, names without a
    dot, which nobody can register, and `allow_host`.
    """

    def __init__(
        self,
        host: str,
        allow_host: Collection[str],
        allow_origin: Collection[str],
    ) -> None:
        self._answers_to_any = not names_loopback(host)
        self._hosts = DOCKER_NAMES | set(allow_host)
        self._origins = {*allow_origin, *LETTA_ORIGINS}
        self._admitted: set[Pair] = set()
        self._refused: set[Pair] = set()

    def check(self, scope: Scope, host: bytes | None, origin: bytes | None) -> None:
        """Raise Forbidden for a request to a foreign name or from a foreign page. A client in this
        process has no address and is not a browser."""
        pair = (host, origin)
        if pair in self._admitted or scope.get("client") is None:
            return
        try:
            self._check(scope, (host or b"").decode("latin-1"), origin)
        except Forbidden as error:
            self._log_once(pair, str(error))
            raise
        if len(self._admitted) < MOST_REMEMBERED:
            self._admitted.add(pair)

    def _check(self, scope: Scope, host: str, origin: bytes | None) -> None:
        name = host_of(host)
        if not (self._answers_to_any or self._is_known(name)):
            raise Forbidden(
                f"This server does not answer to the name {name!r}, which a web page could have "
                f"pointed to this machine. Start it with --allow-host {name} if it should"
            )
        if origin is not None:
            given = origin.decode("latin-1").lower()
            if given != f"{scope['scheme']}://{host.lower()}" and not self.admits_origin(given):
                raise Forbidden(
                    f"This server does not answer to web pages of the origin {given!r}. Start it "
                    f"with --allow-origin {given} if it should"
                )

    def admits_origin(self, origin: str) -> bool:
        """Return whether pages of an origin may use the API: those of this machine, and allowed
        ones."""
        return origin in self._origins or _is_local(origin)

    def _is_known(self, name: str) -> bool:
        return "." not in name or name in self._hosts or names_loopback(name) or is_address(name)

    def _log_once(self, pair: Pair, reason: str) -> None:
        if pair not in self._refused and len(self._refused) < MOST_REMEMBERED:
            self._refused.add(pair)
            logger.warning(reason)


def cross_origin(app: ASGIApp, origins: list[str]) -> ASGIApp:
    """Wrap an application so that pages of some origins may read its answers (CORS)."""
    from starlette.middleware.cors import CORSMiddleware  # noqa: PLC0415 - only browsers need it

    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_origin_regex=LOCAL_ORIGIN,
        allow_methods=METHODS,
        allow_headers=["*"],
        allow_credentials=True,
    )


def _is_local(origin: str) -> bool:
    try:
        return names_loopback(urlsplit(origin).hostname or "")
    except ValueError:
        return False
