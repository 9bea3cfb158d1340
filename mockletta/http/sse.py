"""Server-Sent Events: the only module that knows how events are written."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import NamedTuple

from mockletta.state.event_log import Burst, Event, Events

DONE_TEXT = "[DONE]"
"""The data of the last event."""
_DATA, _END = b"data: ", b"\n\n"
_NAME = b"event: "
_ERROR = "error"
_STARTS = MappingProxyType({"error_message": b"event: %s\n" % _ERROR.encode() + _DATA})
"""What a frame begins with, by the kind of its event, if that is not `_DATA`."""


class Chunk(NamedTuple):
    """Bytes that are sent at once, and the events that are complete with them.

    `begun` is the sent part of an incomplete event.
    """

    data: bytes
    events: Events = ()
    begun: Event | None = None


def encode(events: Iterable[Event | Burst]) -> bytes:
    """Return the frames of some events."""
    parts: list[bytes] = []
    for item in events:
        if isinstance(item, Burst):
            before, after = around_texts(item)
            parts += (before, (after + before).join(item.texts), after)
        elif item.kind == "raw":
            parts += (_DATA, item.json.replace(b"\n", b"\n" + _DATA), _END)
        else:
            parts += (_STARTS.get(item.kind, _DATA), item.json, _END)
    return b"".join(parts)


def around_texts(burst: Burst) -> tuple[bytes, bytes]:
    """Return the parts of a burst's frames before and after their texts."""
    return _start(burst.kind) + burst.head, burst.tail + _END


def _start(kind: str) -> bytes:
    return _STARTS.get(kind, _DATA)


def name_of(kind: str) -> str | None:
    """Return the `event` field of an event; most have none."""
    return _ERROR if kind == "error_message" else None


def chunk_of(event: Event) -> Chunk:
    return Chunk(encode([event]), [event])


def begin(event: Event, size: int) -> Event:
    """Return the part of an event that the first `size` bytes of its frame show."""
    kind = "raw" if event.kind == "done" else event.kind
    return Event(kind, event.json[: max(size - len(_start(kind)), 0)])


def named_event(name: str, data: bytes, event_id: str | None = None) -> bytes:
    """Return an event of a stream that is not Letta's: its name, its data on one line, and its
    id."""
    id_line = b"" if event_id is None else b"id: %s\n" % event_id.encode()
    return id_line + b"event: %s\n" % name.encode() + _DATA + data + _END


def comment(text: str) -> bytes:
    """Return a comment, which clients skip."""
    return b": %s" % text.encode() + _END


def frames_in(body: bytes) -> list[bytes]:
    """Split the body of a stream into its frames. An incomplete rest is the last one."""
    *frames, rest = body.split(_END)
    return [frame + _END for frame in frames] + ([rest] if rest else [])


def frame_data(frame: bytes) -> bytes | None:
    """Return the data of a frame that has nothing else, None for any other frame."""
    is_plain = frame.startswith(_DATA) and frame.find(b"\n") == len(frame) - len(_END)
    return frame[len(_DATA) : -len(_END)] if is_plain and frame.endswith(_END) else None


def event_in(frame: bytes) -> tuple[str | None, bytes]:
    """Return the name of a frame, if it has one, and its data. Raises ValueError for a frame with
    anything else, such as a comment or an id."""
    name = None
    rest = frame
    if frame.startswith(_NAME):
        first, _, rest = frame.partition(b"\n")
        name = first[len(_NAME) :].decode(errors="replace")
    data = frame_data(rest)
    if data is None:
        raise ValueError(f"not an event and its data: {frame[:120]!r}")
    return name, data


def data_frame(data: bytes) -> bytes:
    """Return a frame with nothing but data, on one line."""
    return _DATA + data + _END
