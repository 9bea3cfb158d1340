"""The stream of events: what happens in the worlds of this server, live."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import Field

from mockletta._version import __version__
from mockletta.control.control_dispatch import PREFIX, ControlRequest
from mockletta.errors import NotFound
from mockletta.http.routing import Routes
from mockletta.http.sse import Chunk, comment, named_event
from mockletta.http.streaming import STREAM_HEAD, ChunkedResponse
from mockletta.journal.feed import Feed, FeedEvent
from mockletta.wire.base import Wire
from mockletta.world.client_headers import read_headers
from mockletta.world.worlds import Worlds

routes = Routes(PREFIX)
LAST_ID = b"last-event-id"
MOST_DIGITS = 18
Filter = Annotated[str, Field(min_length=1, max_length=200)]


class WhichEvents(Wire):
    """The events to send: of one `world`, about operations of a pattern such as `agents.*`, about
    one agent or one conversation, of some `kinds` separated by commas. All conditions must hold."""

    world: Filter | None = None
    operation: Filter | None = None
    agent_id: Filter | None = None
    conversation_id: Filter | None = None
    kinds: Filter | None = None


@routes.get("/events", "control.events")
def follow_events(worlds: Worlds, context: ControlRequest, query: WhichEvents) -> ChunkedResponse:
    """Stream what happens in all worlds as Server-Sent Events; `Last-Event-ID` resumes.

    With an API key, only the world of that key is streamed.
    """
    key = read_headers(context.scope["headers"]).key
    if key is not None and query.world is None:
        query = query.model_copy(update={"world": _name_of(worlds, key)})
    return ChunkedResponse(
        STREAM_HEAD, _chunks(worlds.feed, _resumed_at(worlds.feed, context), _Choice(query))
    )


def _name_of(worlds: Worlds, key: str) -> str:
    """Return the name of a key's world. Raises NotFound if the key has no world yet."""
    world = worlds.look(key)
    if world not in worlds:
        raise NotFound("This API key has no world yet")
    return world.name


class _Choice:
    """The events that a watcher has chosen. Frames and answers are chosen with their request."""

    def __init__(self, query: WhichEvents) -> None:
        self._query = query
        self._kinds = set(query.kinds.split(",")) if query.kinds else None
        self._requests: set[tuple[str, int]] = set()

    def __call__(self, event: FeedEvent) -> bool:
        query, facts = self._query, event.facts
        if query.world is not None and facts.get("world") != query.world:
            return False
        if not self._is_about(event):
            return False
        return self._kinds is None or event.kind in self._kinds

    def _is_about(self, event: FeedEvent) -> bool:
        facts, number = event.facts, (event.facts.get("world", ""), event.facts.get("number", 0))
        if event.kind in {"frames", "response"} and number in self._requests:
            if event.kind == "response":
                self._requests.discard(number)
            return True
        holds = self._holds(facts.get)
        if holds and event.kind == "request":
            self._requests.add(number)
        return holds

    def _holds(self, fact: Callable[[str], object]) -> bool:
        query = self._query
        if query.operation is not None and not fnmatchcase(
            str(fact("operation") or ""), query.operation
        ):
            return False
        wanted = {"agent_id": query.agent_id, "conversation_id": query.conversation_id}
        return all(value is None or fact(name) == value for name, value in wanted.items())


def _resumed_at(feed: Feed, context: ControlRequest) -> int | None:
    """Return the number of the newest event of this server that the watcher has seen."""
    text = next((value for name, value in context.scope["headers"] if name == LAST_ID), b"")
    server, _, number = text.decode("latin-1").rpartition(".")
    is_ours = server == feed.server and number.isdecimal() and len(number) <= MOST_DIGITS
    return int(number) if is_ours else None


async def _chunks(
    feed: Feed, number: int | None, chosen: Callable[[FeedEvent], bool]
) -> AsyncIterator[Chunk]:
    hello = {"server": feed.server, "version": __version__, "now": _now(), "newest": feed.newest}
    yield _chunk("hello", hello)
    seen = number
    async for event in feed.follow(number):
        if event is None:
            yield Chunk(comment("still here"))
            continue
        if seen is not None and event.number > seen + 1:
            yield _chunk("lost", {"events": event.number - seen - 1})
        seen = event.number
        if chosen(event):
            yield Chunk(named_event(event.kind, event.data, f"{feed.server}.{event.number}"))


def _chunk(kind: str, facts: dict[str, object]) -> Chunk:
    return Chunk(named_event(kind, json.dumps(facts).encode()))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
