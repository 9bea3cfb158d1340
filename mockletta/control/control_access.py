"""Access to the control API: for clients on this machine, and for those with the admin token.

A browser on this machine is such a client too, whatever page it shows. Pages of other origins are
refused by headers that browsers set and pages cannot change; rebound DNS names are refused by
`Host`.
"""

import hmac
from collections.abc import Iterator

from starlette.types import Scope

from mockletta.errors import Forbidden
from mockletta.http.credentials import ADMIN_TOKEN
from mockletta.http.host_names import host_of, is_loopback, names_loopback

_OTHER_SITES = frozenset({b"cross-site", b"same-site"})
_FORWARDED = frozenset({b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"})


class ControlAccess:
    """Checks who may use the control API. Without a `token`, only clients on this machine may."""

    def __init__(self, token: str | None = None) -> None:
        self._token = token.encode() if token else None

    def check(self, scope: Scope) -> None:
        """Raise Forbidden if the client may not use the control API."""
        _refuse_other_origins(scope)
        given = list(_values(scope, ADMIN_TOKEN))
        if self._token is not None and given:
            self._compare(given)
        elif not _is_local(scope):
            raise Forbidden(self._how_to_enter())
        else:
            _refuse_rebound_names(scope)

    def _compare(self, given: list[bytes]) -> None:
        assert self._token is not None
        if not all(hmac.compare_digest(value, self._token) for value in given):
            raise Forbidden("The X-Mockletta-Admin-Token header has another token than this server")

    def _how_to_enter(self) -> str:
        must = (
            "send its admin token in the header X-Mockletta-Admin-Token"
            if self._token is not None
            else "start the server with --admin-token (or MOCKLETTA_ADMIN_TOKEN) and send the "
            "token in the header X-Mockletta-Admin-Token"
        )
        return f"The control API is only open to clients on the server's own machine; others {must}"


def _refuse_other_origins(scope: Scope) -> None:
    hosts = {value.lower() for value in _values(scope, b"host")}
    own = {scope["scheme"].encode() + b"://" + host for host in hosts}
    from_others = any(value.lower() not in own for value in _values(scope, b"origin"))
    if from_others or any(
        value.lower() in _OTHER_SITES for value in _values(scope, b"sec-fetch-site")
    ):
        raise Forbidden("The control API is not open to web pages of another origin")


def _refuse_rebound_names(scope: Scope) -> None:
    """Refuse rebound names. An in-process client has no address, so no name can be rebound to
    it."""
    if scope.get("client") is None:
        return
    for host in _values(scope, b"host"):
        if not names_loopback(host_of(host.decode("latin-1"))):
            raise Forbidden(
                "The control API is open to clients on the server's own machine by the names "
                "localhost, 127.0.0.1 and [::1] only, or with the admin token in the header "
                "X-Mockletta-Admin-Token"
            )


def _is_local(scope: Scope) -> bool:
    """Return whether the client is on this machine, and not a proxy for another client."""
    if any(name in _FORWARDED for name, _ in scope["headers"]):
        return False
    client = scope.get("client")
    return client is None or is_loopback(client[0])


def _values(scope: Scope, header: bytes) -> Iterator[bytes]:
    return (value for name, value in scope["headers"] if name == header)
