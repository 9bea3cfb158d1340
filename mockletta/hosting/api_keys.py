"""Access to the API: open to every client, or only to those with a known key.

A client-side access token grants what its policy allows, whether keys are required or not.
"""

import hmac
from collections.abc import Callable, Collection

from starlette.types import Scope

from mockletta.http.credentials import is_token
from mockletta.world.client_headers import ClientHeaders, read_headers
from mockletta.world.request_context import WORLD, RequestContext
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

NEED_NO_KEY = frozenset({"health"})
"""Operations that every client may use."""

CheckToken = Callable[[RequestContext], None]
"""A function that raises an ApiError for what the client-side access token of a request does not
allow."""


def admit(worlds: Worlds, scope: Scope) -> RequestContext:
    """Find the world of a request. Raises an ApiError if its key cannot have a world.

    A client without a valid key is refused later, unless the operation needs no key.
    """
    headers = read_headers(scope["headers"])
    world = scope.get(WORLD)
    if world is not None:
        return RequestContext(scope, headers, world)
    if headers.is_token or worlds.require_key is not None:
        world, refused = _world_of_valid_key(worlds, headers)
        return RequestContext(scope, headers, world, refused=refused)
    return RequestContext(scope, headers, worlds.of(headers.key))


def _world_of_valid_key(worlds: Worlds, headers: ClientHeaders) -> tuple[World, bool]:
    """Return the world of the first valid key, or else the main one, and whether no key is
    valid."""
    required = worlds.require_key
    for key in headers.keys:
        holder = worlds.holder(key) if is_token(key) else None
        if holder is not None:
            return holder, False
        if not is_token(key) and (required is None or _is_one(key, required) or worlds.has(key)):
            return worlds.of(key), False
    return worlds.main, True


def _is_one(key: str, required: Collection[str]) -> bool:
    """Compare a key with all keys in constant time."""
    matches = [hmac.compare_digest(key.encode(), one.encode()) for one in required]
    return any(matches) or not matches


def needs_key(operation: str) -> bool:
    """Return whether a client needs a valid key for an operation, if keys are required."""
    return operation not in NEED_NO_KEY
