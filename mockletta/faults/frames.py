"""Changes a response frame by frame, even if several frames are sent together."""

from collections.abc import AsyncIterator
from typing import TypeVar

from mockletta.faults.fault import FaultyRequest, Frames, SendingFault
from mockletta.http.rendering import Response
from mockletta.http.sse import Chunk, begin, chunk_of, encode
from mockletta.http.streaming import STREAM_HEAD, Answer, ChunkedResponse, EventStream
from mockletta.state.event_log import Events, each

T = TypeVar("T")


def apply_to_answer(
    fault: SendingFault, answer: Answer, request: FaultyRequest
) -> Response | ChunkedResponse:
    """Apply a fault to an answer. An unchanged body is sent in one piece."""
    if isinstance(answer, EventStream):
        return ChunkedResponse(STREAM_HEAD, fault.frames(_split(answer.pull()), request))
    if answer.events:
        return ChunkedResponse(STREAM_HEAD, fault.frames(_split(_one(answer.events)), request))
    if fault.acts_on_connection:
        length = (b"content-length", b"%d" % len(answer.body))
        head = Response(answer.status, [*answer.headers, length], b"")
        return ChunkedResponse(head, fault.frames(_one(Chunk(answer.body)), request))
    body = fault.cut(answer.body)
    request.applied = body != answer.body
    return answer._replace(body=body)


async def apply_to_rest(
    fault: SendingFault, sent: int, rest: AsyncIterator[Events], request: FaultyRequest
) -> Frames:
    """Apply a fault to the rest of a stream of which `sent` frames were sent.

    The sent frames count. A fault that should have changed them changes the frames that follow, if
    possible.
    """
    async for frame in fault.frames(_after(sent, rest), request):
        if frame.data:
            yield frame


async def numbered(frames: Frames) -> AsyncIterator[tuple[int, Chunk]]:
    """Yield frames with their numbers, from 1 on."""
    number = 0
    async for frame in frames:
        number += 1
        yield number, frame


def is_done(frame: Chunk) -> bool:
    """Return whether a frame is the last one of a complete stream."""
    return any(event.kind == "done" for event in frame.events)


def piece_of(frame: Chunk, start: int, end: int) -> Chunk:
    """Return some bytes of a frame. Its event is complete with the last piece."""
    data = frame.data[start:end]
    if end >= len(frame.data) or not frame.events:
        return Chunk(data, frame.events)
    return Chunk(data, begun=begin(next(each(frame.events)), end))


def with_half_json(frame: Chunk) -> Chunk:
    """Return a frame whose JSON is cut off."""
    events = [begin(event, len(frame.data) // 2) for event in each(frame.events)]
    return Chunk(encode(events), events)


async def _one(item: T) -> AsyncIterator[T]:
    yield item


async def _split(groups: AsyncIterator[Events]) -> Frames:
    async for events in groups:
        for event in each(events):
            yield chunk_of(event)


async def _after(sent: int, rest: AsyncIterator[Events]) -> Frames:
    """Yield frames, with an empty one in place of each that was sent before."""
    for _ in range(sent):
        yield Chunk(b"")
    async for frame in _split(rest):
        yield frame
