"""From what a handler returns to bytes: compact JSON, non-ASCII as it is, nulls kept."""

import json
from typing import Any, NamedTuple

from pydantic import BaseModel

from mockletta.state.event_log import Events

Headers = list[tuple[bytes, bytes]]
JSON_TYPE = (b"content-type", b"application/json")


class Rendered(NamedTuple):
    """A result that is JSON text already."""

    json: bytes


class Response(NamedTuple):
    """A whole response: status, headers without the length, body, and the events in the body."""

    status: int
    headers: Headers
    body: bytes
    events: Events = ()


NO_CONTENT = Response(204, [JSON_TYPE], b"")


def render(result: Any) -> bytes:  # noqa: ANN401
    """JSON text of a model, of a list of models, or of plain JSON values."""
    if isinstance(result, BaseModel):
        return result.__pydantic_serializer__.to_json(result, by_alias=True)
    if isinstance(result, Rendered):
        return result.json
    if isinstance(result, list):
        return b"[" + b",".join(render(item) for item in result) + b"]"
    return json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode()


def created(result: Any) -> Response:  # noqa: ANN401
    """A 201 with what was made."""
    return Response(201, [JSON_TYPE], render(result))


def join(items: list[bytes]) -> Rendered:
    """A JSON list of items that are JSON text already."""
    return Rendered(b"[" + b",".join(items) + b"]")
