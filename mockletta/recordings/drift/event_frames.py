"""Parses server-sent events, and makes two recordings of one stream comparable."""

import json
from collections.abc import Sequence

from mockletta.http.sse import event_in, frames_in
from mockletta.recordings.drift.scenario import EventFrame, is_whole, parsed_data
from mockletta.recordings.learn.recorded_messages import continues, extend


class BadFramingError(ValueError):
    """The text does not consist of frames as a Letta server writes them."""


def parse(text: str) -> tuple[EventFrame, ...]:
    """Read frames of an optional `event` and a `data` line; nothing else is accepted."""
    frames = frames_in(text.encode())
    if frames and not is_whole(frames[-1]):
        raise BadFramingError(f"unfinished frame at the end: {text[-80:]!r}")
    return tuple(map(_frame, frames))


def count(text: str) -> int:
    """Count the complete frames that have arrived."""
    return text.count("\n\n")


def comparable(
    recorded: Sequence[EventFrame], ours: Sequence[EventFrame]
) -> tuple[list[EventFrame], list[EventFrame]]:
    """Return both streams without keepalives, and without tokens that only one had when it was
    cancelled."""
    left, right = _without_keepalives(recorded), _without_keepalives(ours)
    here, there = _cancelled_at(left), _cancelled_at(right)
    if here is None or there is None:
        return left, right
    common = min(here, there)
    return left[:common] + left[here:], right[:common] + right[there:]


def joined(frames: Sequence[EventFrame]) -> list[EventFrame]:
    """Join streamed texts, and leave out the numbers that count their pieces."""
    found: list[EventFrame] = []
    for frame in frames:
        if isinstance(frame.data, dict) and found and continues(found[-1].data, frame.data):
            extend(found[-1].data, frame.data)
        else:
            data = json.loads(json.dumps(frame.data))
            if isinstance(data, dict) and isinstance(data.get("seq_id"), int):
                data["seq_id"] = 0
            found.append(EventFrame(data, frame.event, frame.seconds))
    return found


def _frame(frame: bytes) -> EventFrame:
    try:
        name, data = event_in(frame)
    except ValueError as error:
        raise BadFramingError(str(error)) from error
    return EventFrame(parsed_data(data), name)


def _without_keepalives(frames: Sequence[EventFrame]) -> list[EventFrame]:
    return [one for n, one in enumerate(frames) if n == 0 or not _is(one, "message_type", "ping")]


def _cancelled_at(frames: Sequence[EventFrame]) -> int | None:
    return next((n for n, one in enumerate(frames) if _is(one, "stop_reason", "cancelled")), None)


def _is(frame: EventFrame, key: str, value: str) -> bool:
    return isinstance(frame.data, dict) and frame.data.get(key) == value
