"""Who is let in: every client, or those with a key that the server knows.

A client-side access token is let in with what its policy allows, whether keys are required or not.
"""

import hmac
from collections.abc import Callable, Collection, Mapping
from json import loads
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from mockletta.errors import Unauthorized
from mockletta.hosting.protocols import Host, Hosts
from mockletta.http.client_headers import Head
from mockletta.http.credentials import is_token

OPEN = frozenset({"health"})
"""Operations that need no key."""
AGENT = "agent_id"


class Asked(NamedTuple):
    """What a token's policy is asked about; `named` are agents of query and body."""

    operation: str
    method: str
    params: Mapping[str, str]
    named: tuple[str, ...]


CheckToken = Callable[[Any, str, Asked], None]
"""Raises an ApiError if a token may not do what is asked of its world."""


def let_in(hosts: Hosts, head: Head) -> tuple[Host, bool]:
    """The world for a client, and whether it is refused: then that is the main one. ApiError if
    its key can have no world."""
    required = hosts.require_key
    for key in head.keys:
        holder = hosts.holder(key) if is_token(key) else None
        if holder is not None:
            return holder, False
        if not is_token(key) and (required is None or _is_one(key, required) or hosts.has(key)):
            return hosts.of(key), False
    return hosts.main, True


def _is_one(key: str, required: Collection[str]) -> bool:
    """Compared in constant time: with all of them, whatever they begin with."""
    matches = [hmac.compare_digest(key.encode(), one.encode()) for one in required]
    return any(matches) or not matches


def refuse_unless_open(operation: str) -> None:
    """Unauthorized for a client that is not let in, but for what is open to all."""
    if operation not in OPEN:
        raise Unauthorized


def agents_named(query_string: bytes, body: bytes) -> tuple[str, ...]:
    """The agents that a query and a JSON body name."""
    pairs = parse_qsl(query_string.decode("latin-1"))
    named = [value for name, value in pairs if name == AGENT]
    try:
        sent = loads(body or b"null")
    except (ValueError, RecursionError):
        sent = None
    if isinstance(sent, dict) and isinstance(sent.get(AGENT), str):
        named.append(sent[AGENT])
    return tuple(named)
