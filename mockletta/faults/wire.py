"""What faults do to an answer on its way out: to its frames, its bytes and its connection.

One event is one frame, however the frames come; a JSON body is one frame, too. Each strike takes
chunks of one frame each and yields what is sent of them, and notes when it has struck.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn

from mockletta.faults.kinds import (
    AfterFrames,
    DuplicateFault,
    ErrorEventFault,
    Fault,
    InFrame,
    MalformedFault,
    NoDoneFault,
    ReorderFault,
    ResetFault,
    SlowFault,
    StallFault,
    TruncateFault,
)
from mockletta.http.rendering import Response
from mockletta.http.sse import Chunk, begin, chunk_of, encode
from mockletta.http.streams import STREAM_HEAD, EventStream, LastingResponse
from mockletta.state.event_log import Event, Events, each
from mockletta.wire.replies import IN_THE_MIDDLE, ErrorMessage

Frames = AsyncIterator[Chunk]
PIECES_PER_SECOND = 10


@dataclass(slots=True)
class Wire:
    """Where a fault strikes: how it waits (True if the wait was ended before its time), how it
    resets the connection, what it calls if there was nothing to strike, and whether it struck."""

    wait: Callable[[float | None], Awaitable[bool]]
    reset: Callable[[], Awaitable[NoReturn]]
    miss: Callable[[], None]
    struck: bool = False


def strike(
    fault: Fault, answer: Response | EventStream, wire: Wire
) -> Response | EventStream | LastingResponse:
    """An answer as a fault leaves it; what is no stream of frames can be struck by few."""
    strikes = _STRIKES.get(type(fault))
    if strikes is None:
        return answer
    if isinstance(answer, EventStream):
        frames = _split(answer.follow())
    elif answer.events:
        frames = _split(_once(answer.events))
    elif fault.strikes_streams_only:
        wire.miss()
        return answer
    elif isinstance(fault, TruncateFault | MalformedFault):
        return _cut(fault, answer, wire)
    else:
        length = (b"content-length", b"%d" % len(answer.body))
        head = Response(answer.status, [*answer.headers, length], b"")
        return LastingResponse(head, _ended(strikes(fault, _body(answer.body), wire), wire))
    return LastingResponse(STREAM_HEAD, _ended(strikes(fault, frames, wire), wire))


def strike_rest(fault: Fault, sent: int, rest: AsyncIterator[Events], wire: Wire) -> Frames:
    """What a fault leaves of a stream of which so many frames are sent already. They count; what
    should have happened to them happens to those that follow, where that is possible."""
    if isinstance(fault, ResetFault) and fault.before_headers:
        fault = ResetFault(reset="after_headers")
    strikes = _STRIKES.get(type(fault))
    if strikes is None:
        wire.miss()
        return _split(rest)
    struck = _ended(strikes(fault, _after(sent, rest), wire), wire)
    return (frame async for frame in struck if frame.data)


def _cut(fault: TruncateFault | MalformedFault, answer: Response, wire: Wire) -> Response:
    size = len(answer.body)
    end = fault.truncate if isinstance(fault, TruncateFault) else size // 2
    if end >= size:
        wire.miss()
    return answer._replace(body=answer.body[:end])


async def _ended(frames: Frames, wire: Wire) -> Frames:
    """Struck frames. That nothing was struck is said before the last one is sent: who reads it may
    go on at once."""
    held: Chunk | None = None
    async for frame in frames:
        if held is not None:
            yield held
        held = frame if _is_done(frame) else None
        if held is None:
            yield frame
    if not wire.struck:
        wire.miss()
    if held is not None:
        yield held


def _is_done(frame: Chunk) -> bool:
    return any(event.kind == "done" for event in frame.events)


async def _once(events: Events) -> AsyncIterator[Events]:
    yield events


async def _body(body: bytes) -> Frames:
    yield Chunk(body)


async def _split(groups: AsyncIterator[Events]) -> Frames:
    """Frames one by one, whatever comes together."""
    async for events in groups:
        for event in each(events):
            yield chunk_of(event)


async def _after(sent: int, rest: AsyncIterator[Events]) -> Frames:
    """Frames, with nothing in place of each that is sent already."""
    for _ in range(sent):
        yield Chunk(b"")
    async for frame in _split(rest):
        yield frame


async def _truncated(fault: TruncateFault, frames: Frames, wire: Wire) -> Frames:
    number = 0
    async for frame in frames:
        if number == fault.truncate:
            wire.struck = True
            return
        number += 1
        yield frame


async def _duplicated(fault: DuplicateFault, frames: Frames, wire: Wire) -> Frames:
    number = 0
    async for frame in frames:
        number += 1
        yield frame
        if number == fault.duplicate:
            wire.struck = True
            yield frame


async def _reordered(fault: ReorderFault, frames: Frames, wire: Wire) -> Frames:
    number, held = 0, None
    async for frame in frames:
        number += 1
        if number == fault.reorder:
            held = frame
            continue
        yield frame
        if held is not None:
            wire.struck = True
            yield held
            held = None
    if held is not None:
        yield held


async def _malformed(fault: MalformedFault, frames: Frames, wire: Wire) -> Frames:
    number = 0
    async for frame in frames:
        number += 1
        if number == fault.malformed:
            wire.struck = True
            yield _half_json(frame)
        else:
            yield frame


async def _without_done(_: NoDoneFault, frames: Frames, wire: Wire) -> Frames:
    async for frame in frames:
        if _is_done(frame):
            wire.struck = True
        else:
            yield frame


async def _with_error(fault: ErrorEventFault, frames: Frames, wire: Wire) -> Frames:
    number, run_id = 0, ""
    async for frame in frames:
        if number == fault.error_event:
            wire.struck = True
            yield chunk_of(_error_event(fault, run_id))
            return
        number += 1
        run_id = run_id or _run_of(frame)
        yield frame


def _run_of(frame: Chunk) -> str:
    """The run that an event names; empty if it names none."""
    message: object = None
    with suppress(ValueError, RecursionError):
        message = json.loads(b"".join(event.json for event in each(frame.events)))
    return str(message.get("run_id") or "") if isinstance(message, dict) else ""


def _error_event(fault: ErrorEventFault, run_id: str) -> Event:
    error = ErrorMessage(
        run_id=run_id,
        error_type=fault.error_type,
        message=IN_THE_MIDDLE if fault.message is None else fault.message,
        detail=fault.detail,
    )
    return Event("error_message", error.model_dump_json().encode())


async def _stalled(fault: StallFault, frames: Frames, wire: Wire) -> Frames:
    number = 0
    async for frame in frames:
        if number == fault.after_frames:
            wire.struck = True
            if await wire.wait(None if fault.stall == "forever" else fault.stall):
                await wire.reset()
        number += 1
        yield frame


async def _slowed(fault: SlowFault, frames: Frames, wire: Wire) -> Frames:
    wire.struck = True
    size = max(1, int(fault.slow / PIECES_PER_SECOND))
    async for frame in frames:
        for start in range(0, len(frame.data), size):
            piece = frame.data[start : start + size]
            if await wire.wait(len(piece) / fault.slow):
                await wire.reset()
            yield _piece(frame, start, start + size)


def _piece(frame: Chunk, start: int, end: int) -> Chunk:
    """Some bytes of a frame; its event is whole with the last of them."""
    data = frame.data[start:end]
    if end >= len(frame.data) or not frame.events:
        return Chunk(data, frame.events)
    return Chunk(data, begun=begin(next(each(frame.events)), end))


def _half_json(frame: Chunk) -> Chunk:
    """A whole frame whose JSON breaks off."""
    events = [begin(event, len(frame.data) // 2) for event in each(frame.events)]
    return Chunk(encode(events), events)


async def _reset(fault: ResetFault, frames: Frames, wire: Wire) -> Frames:
    place = fault.reset
    number = 0
    async for frame in frames:
        if place == "after_headers" or (
            isinstance(place, AfterFrames) and number == place.after_frames
        ):
            wire.struck = True
            await wire.reset()
        number += 1
        if isinstance(place, InFrame) and number == place.in_frame:
            wire.struck = True
            yield _piece(frame, 0, len(frame.data) // 2)
            await wire.reset()
        yield frame


_STRIKES: Mapping[type[Fault], Callable[[Any, Frames, Wire], Frames]] = MappingProxyType(
    {
        DuplicateFault: _duplicated,
        ErrorEventFault: _with_error,
        MalformedFault: _malformed,
        NoDoneFault: _without_done,
        ReorderFault: _reordered,
        ResetFault: _reset,
        SlowFault: _slowed,
        StallFault: _stalled,
        TruncateFault: _truncated,
    }
)
