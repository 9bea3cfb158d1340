"""Facts of the mock about a request: its operation, its secrets, and what it creates."""

import re
from functools import cache, lru_cache
from urllib.parse import unquote

from mockletta.hosting.application import create_router
from mockletta.http.endpoints import Endpoint
from mockletta.recordings.recording import Exchange, header


def operation_of(method: str, path: str) -> str:
    """Return the operation of a request, "" if the mock does not know it."""
    endpoint = _endpoint_of(method, path)
    return endpoint.operation if endpoint is not None else ""


def secrets_of(exchange: Exchange) -> set[str]:
    """Find the secrets in the bodies of an exchange, by the models of its operation."""
    endpoint = _endpoint_of(exchange.method, exchange.path)
    if endpoint is None:
        return set()
    content_type = header(exchange.headers, "content-type")
    return endpoint.redaction.secrets(exchange.content.data, exchange.body, content_type)


def created_kind(method: str, path: str) -> str:
    """Return the kind of object that a request creates and that can be deleted again, such as
    "agents"; "" if there is none."""
    found = _creating().fullmatch(path.rstrip("/")) if method == "POST" else None
    return path.rstrip("/").rpartition("/")[2] if found is not None else ""


@cache
def _creating() -> re.Pattern[str]:
    """Match the paths below which an operation deletes one object by its id."""
    places = create_router().endpoints.values()
    one = re.compile(r"(.+)/\{[^/]+\}/?")
    deletable = [one.fullmatch(path) for method, path in places if method == "DELETE"]
    above = {re.sub(r"\{[^/]+\}", "[^/]+", found[1]) for found in deletable if found}
    return re.compile("|".join(sorted(above)))


@lru_cache(1024)
def _endpoint_of(method: str, path: str) -> Endpoint | None:
    router = create_router()
    plain = unquote(path)
    other = plain[:-1] if plain.endswith("/") else f"{plain}/"
    match = router.match(method, plain) or router.match(method, other)
    return match.endpoint if match is not None else None
