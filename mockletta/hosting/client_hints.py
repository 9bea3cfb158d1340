"""Hints in the log about clients with a wrong configuration. Each is logged once."""

import logging

from mockletta.http.routing import Router
from mockletta.journal.terminal_text import printable
from mockletta.world.request_context import RequestContext

logger = logging.getLogger("mockletta")
API = "/v1/"
TLS = (b"\x16\x03", b"\x80")
"""The first bytes of an encrypted connection."""
MOST_HINTS = 100


class ClientHints:
    """The hints that a server has given."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def about_sdk(self, version: str) -> None:
        """Log a hint about an SDK that is too old."""
        self._give(
            f"a client uses letta-client {printable(version[:40])}, whose API ended with version "
            "1.0: this server imitates the API since then. Install letta-client 1.0 or newer"
        )

    def about_path(self, context: RequestContext, router: Router) -> None:
        """Log a hint about a base URL with a path, such as `/v1`: the SDK adds it itself."""
        start = context.path.find(API, 1)
        if start > 0 and router.match(context.method, context.path[start:]) is not None:
            self._give(
                f"{context.method} {printable(context.path[:200])}: the base URL of this client "
                f"ends in {printable(context.path[:start])}; the SDK adds {API} itself, so it must "
                "end before"
            )

    def _give(self, hint: str) -> None:
        if hint not in self._given and len(self._given) < MOST_HINTS:
            self._given.add(hint)
            logger.warning(hint)


def hint_at_tls(data: bytes) -> None:
    """Log a hint about a client that uses https, from the first bytes of its connection."""
    if data.startswith(TLS):
        logger.warning(
            "a client tried https:// on this port, which speaks http://: change its base URL"
        )
