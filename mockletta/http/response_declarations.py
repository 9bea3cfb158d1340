"""What an answer says, where the type of what its handler returns does not tell.

>>> @routes.get("/", "messages.list")
... def list_messages(world: World) -> Annotated[Rendered, Says(list[AnyMessage])]: ...
"""

from dataclasses import dataclass
from typing import Annotated, Any

from mockletta.http.rendering import Response

JSON, EVENTS = "application/json", "text/event-stream"


@dataclass(frozen=True)
class Says:
    """An answer's shape, its status, and what kind of text it is. In a stream, `shape` is what each
    event has for data; None is an answer without a body."""

    shape: Any
    status: int = 200
    media: str = JSON


@dataclass(frozen=True)
class AsksAModel:
    """A model provider is asked before there is an answer, and may fail."""


@dataclass(frozen=True)
class Fails:
    """A status that an operation fails with and others do not."""

    status: int


NoContent = Annotated[Response, Says(None, 204)]
