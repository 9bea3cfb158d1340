"""Streams that last: what they look like, and that they end when the client leaves."""

import asyncio
from collections.abc import AsyncIterator

from starlette.types import Message

from mockletta.http.sse import EventStream, serve_stream
from tests.http.exchanges import Answer, scope_of


def test_a_stream_has_no_headers_but_its_type() -> None:
    async def follow() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"

    answer = Answer()

    async def receive() -> Message:
        return await asyncio.Future[Message]()

    asyncio.run(serve_stream(EventStream(None, follow), scope_of("GET", "/"), receive, answer.send))

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

    asyncio.run(serve_stream(EventStream(None, follow), scope_of("GET", "/"), receive, send))

    assert (answer.body, ended) == (b"data: 1\n\n", [True])
