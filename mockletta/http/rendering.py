"""Renders the result of a handler: compact JSON, with non-ASCII characters and nulls."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from pydantic import BaseModel

from mockletta.documents.json_types import Json
from mockletta.search.slices import Sliced
from mockletta.state.event_log import Events

Result = TypeVar("Result")
Run: TypeAlias = Callable[[Callable[[], Any]], Any]
Headers = Sequence[tuple[bytes, bytes]]
JSON_TYPE = (b"content-type", b"application/json")
JSON_HEADERS: Headers = (JSON_TYPE,)
ITEMS_AT_ONCE = 200
"""The number of list items that are rendered before other requests are served."""


class Rendered(NamedTuple):
    """A result that is already JSON text."""

    json: bytes


class LongList:
    """A JSON list of very many items. They are made and rendered in pieces, and other requests are
    served between them.

    `run` calls the function that makes a piece.
    """

    def __init__(self, items: Iterable[Any], run: Callable[[Callable[[], bytes]], bytes]) -> None:
        self._items = iter(items)
        self._run = run

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the JSON text in pieces."""
        mark = b"["
        while piece := self._run(self._piece):
            yield mark + piece
            mark = b","
            await asyncio.sleep(0)
        yield b"]" if mark == b"," else b"[]"

    async def render(self) -> Rendered:
        """Return the whole JSON text."""
        return Rendered(b"".join([piece async for piece in self.pieces()]))

    def _piece(self) -> bytes:
        return b",".join(map(render, islice(self._items, ITEMS_AT_ONCE)))


class SlicedWork(Generic[Result]):
    """Work of a handler in slices; other requests are served between them. `run` calls the function
    that does one."""

    def __init__(self, work: Sliced[Result], run: Run) -> None:
        self._work = work
        self._run = run

    async def finish(self) -> Result:
        """Do the remaining slices, and return the result."""
        while True:
            await asyncio.sleep(0)
            try:
                self._run(partial(next, self._work))
            except StopIteration as done:
                result: Result = done.value
                return result


def begun(work: Sliced[object], run: Run) -> object:
    """Do the first slice of some work. Returns the result, if there is nothing left to do."""
    try:
        next(work)
    except StopIteration as done:
        return done.value
    return SlicedWork(work, run)


class Response(NamedTuple):
    """A whole response: status, headers without the length, body, and the events in the body."""

    status: int
    headers: Headers
    body: bytes
    events: Events = ()


NO_CONTENT = Response(204, JSON_HEADERS, b"")


def render(result: Json) -> bytes:
    """Render a model, a list of models, or plain JSON values."""
    if isinstance(result, Rendered):
        return result.json
    if isinstance(result, BaseModel):
        return result.__pydantic_serializer__.to_json(result, by_alias=True)
    if isinstance(result, list):
        return b"[" + b",".join(render(item) for item in result) + b"]"
    return json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode()


def created(result: Json) -> Response:
    """Return a 201 response with a created object."""
    return Response(201, JSON_HEADERS, render(result))


def join(items: list[bytes]) -> Rendered:
    """Join items that are already JSON text into a JSON list."""
    return Rendered(b"[" + b",".join(items) + b"]")
