"""Paced streams of several connections, whose frames are written together."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT

from mockletta.hosting.connections import Connection
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.pace import Pace
from tests.hosting.connected import Written, connected
from tests.worlds import make_agent, make_conversation

TOKEN, END = b'"message_type":"assistant_message"', b"\r\n0\r\n\r\n"


class Reading(Written):
    """A transport that keeps the pieces of what is written."""

    connection: Connection

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []
        self.has_token = asyncio.Event()

    def write(self, data: Any) -> None:  # noqa: ANN401
        super().write(data)
        self.pieces.append(data)
        if TOKEN in data:
            self.has_token.set()


class Leaving(Reading):
    """A transport whose client leaves at the first token."""

    def write(self, data: Any) -> None:  # noqa: ANN401
        super().write(data)
        if TOKEN in data:
            self.is_closed = True
            self.connection.connection_lost(None)


class Unread(Reading):
    """A transport whose client never reads."""

    def write(self, data: Any) -> None:  # noqa: ANN401
        super().write(data)
        if len(self.data) > HIGH_WATER_LIMIT:
            self.connection.pause_writing()


@pytest.fixture
def mock() -> Iterator[MockLetta]:
    """A mock that sends a token every 600 seconds, and no pings meanwhile."""
    with MockLetta(pace=Pace(ttft=600, tokens_per_second=1 / 600), keepalive=86_400) as mock:
        yield mock


def start(mock: MockLetta, transport: Reading, text: str) -> None:
    """Start a stream over a transport; its reply is the text."""
    conversation = make_conversation(mock.world, make_agent(mock.world))
    said = [{"role": "user", "content": f"Say '{text}'"}]
    body = json.dumps({"messages": said, "streaming": True, "stream_tokens": True})
    head = f"POST /v1/conversations/{conversation.id}/messages HTTP/1.1\r\nhost: localhost\r\n"
    transport.connection, _ = connected(mock)
    transport.connection.connection_made(transport)
    transport.connection.data_received(f"{head}content-length: {len(body)}\r\n\r\n{body}".encode())


async def tokens_after(mock: MockLetta, transports: list[Reading]) -> list[int]:
    """Advance the clock to the next token, and count the tokens once the last stream has it."""
    has_token = transports[-1].has_token
    has_token.clear()
    mock.clock.advance(605)
    await has_token.wait()
    return [transport.data.count(TOKEN) for transport in transports]


def test_a_client_that_leaves_disturbs_no_other_stream(mock: MockLetta) -> None:
    transports = [Reading(), Leaving(), Reading()]

    async def story() -> list[list[int]]:
        for transport in transports:
            start(mock, transport, "one two three")
        return [await tokens_after(mock, transports) for _ in range(3)]

    assert asyncio.run(story()) == [[1, 1, 1], [2, 1, 2], [3, 1, 3]]
    assert [transport.data.endswith(END) for transport in transports] == [True, False, True]
    assert [entry.left_early for entry in mock.journal.all()] == [False, True, False]


def due_at_once(mock: MockLetta, transport: Reading) -> list[int]:
    """The sizes of what is written of a long reply when the clock freezes after the first token."""

    async def story() -> None:
        start(mock, transport, "word " * 3_500)
        await tokens_after(mock, [transport])
        mock.clock.freeze()
        for _ in range(3):
            await asyncio.sleep(0)

    asyncio.run(story())
    return [len(piece) for piece in transport.pieces]


def test_much_that_is_due_at_once_is_written_in_pieces(mock: MockLetta) -> None:
    assert max(due_at_once(mock, Reading())) < 2 * HIGH_WATER_LIMIT


def test_what_is_due_waits_for_a_client_that_does_not_read(mock: MockLetta) -> None:
    assert sum(due_at_once(mock, Unread())) < 3 * HIGH_WATER_LIMIT
