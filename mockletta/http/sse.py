"""Server-Sent Events: the one place that knows how events are written."""

from collections.abc import Iterable
from typing import NamedTuple

from mockletta.state.event_log import Burst, Event, Events

DONE_TEXT = "[DONE]"
"""The data of the last event."""
_DATA, _END = b"data: ", b"\n\n"
_ERROR = "error"


class Chunk(NamedTuple):
    """Bytes that are sent at once, and the events that are whole with them.

    `begun` is what has been sent of an event that is not whole yet.
    """

    data: bytes
    events: Events = ()
    begun: Event | None = None


def encode(events: Iterable[Event | Burst]) -> bytes:
    """The frames of some events."""
    return b"".join([_frames(item) for item in events])


def name_of(kind: str) -> str | None:
    """The `event` field of an event; most have none."""
    return _ERROR if kind == "error_message" else None


def text_of(event: Event) -> bytes:
    """The text that an event has for its data."""
    return DONE_TEXT.encode() if event.kind == "done" else event.json


def chunk_of(event: Event) -> Chunk:
    return Chunk(encode([event]), [event])


def begin(event: Event, size: int) -> Event:
    """What the first `size` bytes of an event's frame show of it."""
    kind = "raw" if event.kind == "done" else event.kind
    return Event(kind, text_of(event)[: max(size - len(_start(kind)), 0)])


def _frames(item: Event | Burst) -> bytes:
    kind = item.kind
    start = _start(kind)
    if isinstance(item, Burst):
        between = item.tail + _END + start + item.head
        return start + item.head + between.join(item.texts) + item.tail + _END
    text = text_of(item)
    if kind == "raw":
        text = text.replace(b"\n", b"\n" + _DATA)
    return start + text + _END


def _start(kind: str) -> bytes:
    name = name_of(kind)
    return _DATA if name is None else b"event: %s\n" % name.encode() + _DATA
