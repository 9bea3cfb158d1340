"""Declares the responses of a handler whose return type does not show them.

>>> @routes.get("/", "messages.list")
... def list_messages(world: World) -> Annotated[Rendered, DeclaredResponse(list[AnyMessage])]: ...
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

from mockletta.http.rendering import Response
from mockletta.wire.fields import Holds

JSON, EVENTS = "application/json", "text/event-stream"


@dataclass(frozen=True)
class DeclaredResponse(Holds):
    """A response: its shape, its status and its media type. For a stream, `shape` is that of each
    event's data. None is a response without a body."""

    status: int = 200
    media: str = JSON


@dataclass(frozen=True)
class CallsModel:
    """The operation calls a model provider, which may fail."""


@dataclass(frozen=True)
class DeclaredError:
    """An error status that only some operations have."""

    status: int


def returned_type(hint: Any) -> Any:  # noqa: ANN401
    """Return the type of what a handler with this hint returns, at once or in slices."""
    return get_args(hint)[-1] if get_origin(hint) is Generator else hint


NoContent = Annotated[Response, DeclaredResponse(None, 204)]
