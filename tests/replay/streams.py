"""Server-sent events: parsing them, and making two recordings of one stream comparable."""

import json
from collections.abc import Sequence

from .exchanges import Frame

DONE = "[DONE]"


class BadFramingError(ValueError):
    """The text is not made of the blocks that the recorded server writes."""


def parse(text: str) -> tuple[Frame, ...]:
    r"""Read `[event: error\n]data: <json or [DONE]>\n\n` blocks; nothing else is accepted."""
    blocks = text.split("\n\n")
    if blocks.pop():
        raise BadFramingError(f"unfinished block at the end: {text[-80:]!r}")
    return tuple(_frame(block) for block in blocks)


def count(text: str) -> int:
    """How many whole frames have arrived."""
    return text.count("\n\n")


def comparable(recorded: Sequence[Frame], ours: Sequence[Frame]) -> tuple[list[Frame], list[Frame]]:
    """Both streams without keepalives, and without tokens that only one sent before its cancel."""
    left, right = _without_keepalives(recorded), _without_keepalives(ours)
    here, there = _cancelled_at(left), _cancelled_at(right)
    if here is None or there is None:
        return left, right
    common = min(here, there)
    return left[:common] + left[here:], right[:common] + right[there:]


def _frame(block: str) -> Frame:
    lines = block.split("\n")
    event = lines.pop(0).removeprefix("event: ") if lines[0].startswith("event: ") else None
    if len(lines) != 1 or not lines[0].startswith("data: "):
        raise BadFramingError(f"not an event and its data: {block[:120]!r}")
    data = lines[0].removeprefix("data: ")
    return Frame(DONE if data == DONE else json.loads(data), event)


def _without_keepalives(frames: Sequence[Frame]) -> list[Frame]:
    return [one for n, one in enumerate(frames) if n == 0 or not _is(one, "message_type", "ping")]


def _cancelled_at(frames: Sequence[Frame]) -> int | None:
    return next((n for n, one in enumerate(frames) if _is(one, "stop_reason", "cancelled")), None)


def _is(frame: Frame, key: str, value: str) -> bool:
    return isinstance(frame.data, dict) and frame.data.get(key) == value
