"""What a turn yields: events, as the frames they are on the wire, and pauses.

Order and shape of frames as recorded [10, 11]. A token stream sends many frames that differ in one
text only: they are cut from one message rendered once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from mockletta.state.clock import spell_date
from mockletta.wire.messages import Message, Ping
from mockletta.wire.replies import ErrorMessage, StopReason, StopReasonType, UsageStatistics
from mockletta.world.world import World


class Event(NamedTuple):
    """An event, or several of one kind that come at once: the kind and their frames."""

    kind: str
    frames: list[bytes]


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that passes before the turn goes on, in seconds."""

    seconds: float


DONE_FRAME = b"data: [DONE]\n\n"
_LINE_END = re.compile(r"\r\n|\r|\n")
_HOLE = "\x00"
_HOLE_JSON = '"\\u0000"'
_SHARED = ("id", "date", "otid", "step_id", "run_id")


def message_event(message: Message) -> Event:
    return Event(message.message_type, [_frame(message.__pydantic_serializer__.to_json(message))])


def ping_event(world: World, run_id: str, seq_id: int | None = None) -> Event:
    """A ping; a keep-alive repeats the newest event's number [23]."""
    date = spell_date(world.clock.now())
    values = {"id": world.ids.new("ping"), "date": date, "run_id": run_id}
    frame = (_ping(seq_id) % values).encode()
    return Event("ping", [frame])


@lru_cache(1)
def _ping(seq_id: int | None) -> str:
    """The frame of a ping, without what differs from one to the next."""
    holes = {name: f"%({name})s" for name in ("id", "date", "run_id")}
    return _frame(Ping.trusted(**holes, seq_id=seq_id).model_dump_json().encode()).decode()


@cache
def stop_event(reason: StopReasonType) -> Event:
    return Event("stop_reason", [_frame(StopReason(stop_reason=reason).model_dump_json().encode())])


def usage_event(usage: UsageStatistics) -> Event:
    return Event("usage_statistics", [_frame(usage.__pydantic_serializer__.to_json(usage))])


def error_event(error: ErrorMessage) -> Event:
    return Event("error_message", [b"event: error\n" + _frame(error.model_dump_json().encode())])


def raw_event(text: str) -> Event:
    """An event with just this text as its data, whatever it is."""
    return Event("raw", [_frame(_LINE_END.sub("\ndata: ", text).encode())])


def done_event() -> Event:
    return Event("done", [DONE_FRAME])


class Template:
    """Frames of one message that differ in one text: `field` is where it goes.

    `shared` are the id, date, otid, step id and run id that all of them carry.
    """

    def __init__(self, shape: type[Message], field: str, **shared: str) -> None:
        self.kind, head, tail = _skeleton(shape, field)
        self._head, self._tail = head % shared, tail % shared

    def fill(self, texts: Iterable[str]) -> list[bytes]:
        """Render the frames of some texts, which are JSON strings."""
        head, tail = self._head, self._tail
        return [f"{head}{text}{tail}".encode() for text in texts]

    def fill_at_once(self, texts: Iterable[str]) -> bytes:
        """Render the frames of some texts, which are JSON strings, joined; at least one."""
        texts_between = (self._tail + self._head).join(texts)
        return f"{self._head}{texts_between}{self._tail}".encode()


@cache
def _skeleton(shape: type[Message], field: str) -> tuple[str, str, str]:
    """The kind of a message, and what of its frame stands before and after the differing text."""
    message = shape.trusted(**{name: f"%({name})s" for name in _SHARED}, **{field: _HOLE})
    head, tail = _frame(message.__pydantic_serializer__.to_json(message)).decode().split(_HOLE_JSON)
    return message.message_type, head, tail


def json_of(frame: bytes) -> bytes:
    """The JSON text a frame carries."""
    return frame[len(b"data: ") : -len(b"\n\n")]


def _frame(data: bytes) -> bytes:
    return b"data: " + data + b"\n\n"
