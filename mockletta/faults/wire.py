"""What faults do to an answer on its way out: to its frames, its bytes and its connection.

One event is one frame, however the frames come; a JSON body is one frame, too. Each strike takes
frames and yields what is sent of them, and notes when it has struck.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
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
from mockletta.http.sse import STREAM_TYPE, EventStream
from mockletta.wire.replies import IN_THE_MIDDLE, ErrorMessage

Frames = AsyncIterator[bytes]
END = b"\n\n"
DONE = b"data: [DONE]"
PIECES_PER_SECOND = 10
_RUN_ID = re.compile(rb'"run_id":"([^"]*)"')


@dataclass(slots=True)
class Wire:
    """Where a fault strikes: how it waits (True if the wait was ended before its time), how it
    resets the connection, what it calls if there was nothing to strike, and whether it struck."""

    wait: Callable[[float | None], Awaitable[bool]]
    reset: Callable[[], Awaitable[NoReturn]]
    miss: Callable[[], None]
    struck: bool = False


def strike(fault: Fault, answer: Response | EventStream, wire: Wire) -> Response | EventStream:
    """An answer as a fault leaves it; what is no stream of frames can be struck by few."""
    strikes = _STRIKES.get(type(fault))
    if strikes is None:
        return answer

    def follow() -> Frames:
        return _ended(strikes(fault, _frames(answer), wire), wire)

    if isinstance(answer, EventStream):
        return EventStream(None, follow, answer.head)
    if STREAM_TYPE in answer.headers:
        return EventStream(None, follow)
    if fault.strikes_streams_only:
        wire.miss()
        return answer
    if isinstance(fault, TruncateFault | MalformedFault):
        return _cut(fault, answer, wire)
    length = (b"content-length", b"%d" % len(answer.body))
    return EventStream(None, follow, Response(answer.status, [*answer.headers, length], b""))


def strike_rest(fault: Fault, sent: int, rest: Frames, wire: Wire) -> Frames:
    """What a fault leaves of a stream of which so many frames are sent already. They count; what
    should have happened to them happens to those that follow, where that is possible."""
    if isinstance(fault, ResetFault) and fault.before_headers:
        fault = ResetFault(reset="after_headers")
    strikes = _STRIKES.get(type(fault))
    if strikes is None:
        wire.miss()
        return rest
    struck = _ended(strikes(fault, _after(sent, rest), wire), wire)
    return (frame async for frame in struck if frame)


def _cut(fault: TruncateFault | MalformedFault, answer: Response, wire: Wire) -> Response:
    size = len(answer.body)
    end = fault.truncate if isinstance(fault, TruncateFault) else size // 2
    if end >= size:
        wire.miss()
    return answer._replace(body=answer.body[:end])


def _frames(answer: Response | EventStream) -> Frames:
    """An answer's frames: those of a stream one by one, or the body as the only one."""
    if isinstance(answer, EventStream):
        return _split(answer.follow())
    return _split(_once(answer.body)) if STREAM_TYPE in answer.headers else _once(answer.body)


async def _ended(frames: Frames, wire: Wire) -> Frames:
    """Struck frames. That nothing was struck is said before the last one is sent: who reads it may
    go on at once."""
    held = b""
    async for frame in frames:
        if held:
            yield held
        held = frame if frame.startswith(DONE) else b""
        if not held:
            yield frame
    if not wire.struck:
        wire.miss()
    if held:
        yield held


async def _once(body: bytes) -> Frames:
    yield body


async def _split(chunks: Frames) -> Frames:
    """Frames one by one, whatever the chunks."""
    async for chunk in chunks:
        for frame in chunk.split(END)[:-1]:
            yield frame + END


async def _after(sent: int, rest: Frames) -> Frames:
    """Frames, with nothing in place of each that is sent already."""
    for _ in range(sent):
        yield b""
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
    number, held = 0, b""
    async for frame in frames:
        number += 1
        if number == fault.reorder:
            held = frame
            continue
        yield frame
        if held:
            wire.struck = True
            yield held
            held = b""
    if held:
        yield held


async def _malformed(fault: MalformedFault, frames: Frames, wire: Wire) -> Frames:
    number = 0
    async for frame in frames:
        number += 1
        if number == fault.malformed:
            wire.struck = True
            yield frame[: len(frame) // 2] + END
        else:
            yield frame


async def _without_done(_: NoDoneFault, frames: Frames, wire: Wire) -> Frames:
    async for frame in frames:
        if frame.startswith(DONE):
            wire.struck = True
        else:
            yield frame


async def _with_error(fault: ErrorEventFault, frames: Frames, wire: Wire) -> Frames:
    number, run_id = 0, ""
    async for frame in frames:
        if number == fault.error_event:
            wire.struck = True
            yield _error_event(fault, run_id)
            return
        number += 1
        named = _RUN_ID.search(frame)
        run_id = named[1].decode() if named else run_id
        yield frame


def _error_event(fault: ErrorEventFault, run_id: str) -> bytes:
    error = ErrorMessage(
        run_id=run_id,
        error_type=fault.error_type,
        message=IN_THE_MIDDLE if fault.message is None else fault.message,
        detail=fault.detail,
    )
    return b"event: error\ndata: " + error.model_dump_json().encode() + END


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
        for start in range(0, len(frame), size):
            piece = frame[start : start + size]
            if await wire.wait(len(piece) / fault.slow):
                await wire.reset()
            yield piece


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
            yield frame[: len(frame) // 2]
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
