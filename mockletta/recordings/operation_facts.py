"""What the mock knows about a recorded request: its operation, and its secret fields."""

from functools import lru_cache
from urllib.parse import unquote

from mockletta.hosting.application import create_router
from mockletta.http.endpoints import Endpoint
from mockletta.recordings.recording import Exchange, header


def operation_of(method: str, path: str) -> str:
    """Return the operation of a request, "" for one that the mock does not know."""
    endpoint = _endpoint_of(method, path)
    return endpoint.operation if endpoint is not None else ""


def secrets_of(exchange: Exchange) -> set[str]:
    """Find the secrets in the bodies of an exchange, by the models of its operation."""
    endpoint = _endpoint_of(exchange.method, exchange.path)
    if endpoint is None:
        return set()
    content_type = header(exchange.headers, "content-type")
    return endpoint.redaction.secrets(exchange.content.data, exchange.body, content_type)


@lru_cache(1024)
def _endpoint_of(method: str, path: str) -> Endpoint | None:
    router = create_router()
    plain = unquote(path)
    other = plain[:-1] if plain.endswith("/") else f"{plain}/"
    match = router.match(method, plain) or router.match(method, other)
    return match.endpoint if match is not None else None
