"""How events are written, and that streams end when the client leaves."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.types import Message

from mockletta.http.sse import begin, encode
from mockletta.http.streaming import STREAM_HEAD, serve_chunked
from mockletta.state.event_log import Burst, Event
from tests.http.exchanges import Answer, scope_of


@pytest.mark.parametrize(
    ("event", "frame"),
    [
        (Event("ping", b"{}"), b"data: {}\n\n"),
        (Event("error_message", b"{}"), b"event: error\ndata: {}\n\n"),
        (Event("raw", b"one\ntwo"), b"data: one\ndata: two\n\n"),
        (Event("done", b"[DONE]"), b"data: [DONE]\n\n"),
        (Burst("x", b"<", (b"1", b"2"), b">"), b"data: <1>\n\ndata: <2>\n\n"),
    ],
)
def test_each_event_is_a_frame(event: Event | Burst, frame: bytes) -> None:
    assert encode([event, event]) == frame * 2


@pytest.mark.parametrize(("size", "shown"), [(0, b""), (6, b""), (8, b"[D"), (99, b"[DONE]")])
def test_the_beginning_of_a_frame_shows_a_part_of_its_event(size: int, shown: bytes) -> None:
    assert begin(Event("done", b"[DONE]"), size) == Event("raw", shown)


def test_a_stream_has_no_headers_but_its_type() -> None:
    async def follow() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"

    answer = Answer()

    async def receive() -> Message:
        return await asyncio.Future[Message]()

    scope = scope_of("GET", "/")
    asyncio.run(serve_chunked(STREAM_HEAD, follow(), scope, receive, answer.send))

    assert answer == Answer(
        200, {"content-type": "text/event-stream; charset=utf-8"}, b"data: 1\n\n"
    )


def test_a_stream_ends_when_its_client_leaves() -> None:
    ended = []

    async def follow() -> AsyncIterator[bytes]:
        try:
            yield b"data: 1\n\n"
            await asyncio.Future[None]()
        finally:
            ended.append(True)

    answer, told = Answer(), asyncio.Event()

    async def send(message: Message) -> None:
        await answer.send(message)
        if answer.body:
            told.set()

    async def receive() -> Message:
        await told.wait()
        return {"type": "http.disconnect"}

    asyncio.run(serve_chunked(STREAM_HEAD, follow(), scope_of("GET", "/"), receive, send))

    assert (answer.body, ended) == (b"data: 1\n\n", [True])
