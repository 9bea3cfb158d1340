"""Connections: what is answered at once, what is waited for, and what a fault resets."""

import asyncio
import gc
import json
import socket
import struct
import weakref
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT

from mockletta.hosting.connections import (
    HEAD_TOO_LARGE,
    MOST_ROUNDS,
    Connection,
    _Extended,
    warn_without_fast_path,
)
from mockletta.http.connection_resets import RESET
from mockletta.testing.mock_letta import MockLetta
from tests.hosting.connected import Written, connected
from tests.worlds import make_agent, make_conversation


class Transport(asyncio.Transport):
    """A transport over a real socket, with so many bytes unsent each time it is asked."""

    def __init__(self, unsent: Iterator[int], made_of: socket.socket) -> None:
        super().__init__({"socket": made_of})
        self._unsent = unsent
        self._made_of = made_of

    def get_write_buffer_size(self) -> int:
        return next(self._unsent)

    def abort(self) -> None:
        self._made_of.close()


def reset_of(transport: Transport) -> Callable[[], Awaitable[None]]:
    """What a request over a transport finds in its scope."""
    scopes: list[dict[str, Any]] = []

    async def app(scope: dict[str, Any], receive: object, send: object) -> None:
        scopes.append(scope)

    asyncio.run(_answered(_Extended(app, transport)))
    found: Callable[[], Awaitable[None]] = scopes[0]["extensions"][RESET]
    return found


async def _answered(app: _Extended) -> None:
    await app({"type": "http"}, None, None)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    with client, server:
        yield client, server


@pytest.mark.parametrize("unsent", [[0], [9, 9, 0], [9] * MOST_ROUNDS])
def test_what_is_written_goes_out_before_the_reset(
    pair: tuple[socket.socket, socket.socket], unsent: list[int]
) -> None:
    client, server = pair
    sizes = iter(unsent)
    server.sendall(b"told")

    asyncio.run(_awaited(reset_of(Transport(sizes, server))()))

    assert list(sizes) == []
    assert client.recv(10) == b"told"
    with pytest.raises(ConnectionResetError):
        client.recv(10)


def test_an_end_without_a_reset_is_another_thing(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    client, server = pair
    lingering = server.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)
    server.close()
    assert (client.recv(10), struct.unpack("ii", lingering)) == (b"", (0, 0))


async def _awaited(awaitable: Awaitable[None]) -> None:
    await awaitable


class Raw:
    """A client that writes and reads bytes; each answer begins with a status line."""

    def __init__(self, base_url: str) -> None:
        url = httpx.URL(base_url)
        self._socket = socket.create_connection((url.host, url.port or 0), timeout=20)

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self._socket.sendall(part)

    def read_until(self, end: bytes) -> bytes:
        read = b""
        while not read.endswith(end):
            more = self._socket.recv(65536)
            if not more:
                break
            read += more
        return read

    def close(self) -> None:
        self._socket.close()


HEALTH = b"GET /v1/health/ HTTP/1.1\r\nhost: a\r\n"
CREATE = b"POST /v1/blocks/ HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
HEALTHY = b'"status":"ok"}'


@pytest.fixture
def mock() -> Iterator[MockLetta]:
    with MockLetta() as mock:
        yield mock


@pytest.fixture
def raw(mock: MockLetta) -> Iterator[Raw]:
    client = Raw(mock.base_url)
    yield client
    client.close()


def block_of(size: int) -> bytes:
    body = json.dumps({"label": "b", "value": "v" * size, "limit": 10**9}).encode()
    return b"content-length: %d\r\n\r\n" % len(body) + body


async def at_once(mock: MockLetta, *, paused: bool = False) -> tuple[bytes, bytes]:
    """What is written by the time that a request is received, and once its task has run."""
    connection, transport = connected(mock)
    if paused:
        connection.pause_writing()
    connection.data_received(HEALTH + b"\r\n")
    first = transport.data
    connection.resume_writing()
    await asyncio.gather(*connection.tasks)
    return first, transport.data


def test_an_answer_that_is_ready_is_written_without_a_task(mock: MockLetta) -> None:
    first, last = asyncio.run(at_once(mock))

    assert first.startswith(b"HTTP/1.1 200 OK\r\n")
    assert first.endswith(HEALTHY)
    assert last == first


def test_a_client_that_does_not_read_is_waited_for(mock: MockLetta) -> None:
    first, last = asyncio.run(at_once(mock, paused=True))

    assert first == b""
    assert last.endswith(HEALTHY)


async def repeated(mock: MockLetta, *requests: bytes) -> list[bytes]:
    """The answers to requests, of which only the first is parsed."""
    connection, transport = connected(mock)
    answers = []
    for request in requests:
        transport.data = b""
        connection.data_received(request)
        await asyncio.gather(*connection.tasks)
        connection.parser = None  # type: ignore[assignment]
        answers.append(transport.data)
    return answers


def test_a_request_with_known_headers_is_not_parsed(mock: MockLetta) -> None:
    request = HEALTH + b"authorization: Bearer sk-let-secret\r\n\r\n"
    other = request.replace(b"/v1/health/", b"/v1/blocks/count?a=b")

    first, second, third = asyncio.run(repeated(mock, request, request, other))

    assert (second, third[-5:]) == (first, b"\r\n\r\n0")
    checks, counted = mock.journal.all("health"), mock.journal.last("blocks.count")
    assert [entry.headers for entry in checks] == [counted.headers] * 2
    assert (counted.path, counted.query, counted.key) == ("/v1/blocks/count", {"a": "b"}, "sk-l…")


def test_a_stream_with_known_headers_is_sent_whole(mock: MockLetta) -> None:
    first, second = asyncio.run(repeated(mock, *[long_send(mock)] * 2))

    frames = [answer.count(b'"message_type":"assistant_message"') for answer in (first, second)]
    assert (frames, second[-7:]) == ([3_500] * 2, b"\r\n0\r\n\r\n")


def test_a_request_with_known_headers_may_come_in_pieces(mock: MockLetta) -> None:
    request = CREATE + block_of(1)
    pieces = [request[:-9], request[-9:-4], request[-4:]]

    answers = asyncio.run(repeated(mock, request, *pieces))

    assert [bool(answer) for answer in answers] == [True, False, False, True]
    assert b'"label":"b"' in answers[-1]


def test_requests_after_one_with_known_headers_are_parsed(mock: MockLetta, raw: Raw) -> None:
    create = CREATE + block_of(1)
    raw.send(create)
    raw.read_until(b"}")

    raw.send(create[:-5])
    raw.send(create[-5:] + create + HEALTH + b"\r\n")

    answers = raw.read_until(HEALTHY).split(b"HTTP/1.1 200 OK")[1:]
    assert [b'"label":"b"' in answer for answer in answers] == [True, True, False]


def test_a_request_with_known_headers_can_take_a_task(mock: MockLetta) -> None:
    request = CREATE + block_of(1)
    control = request.replace(b"/v1/blocks/", b"/_mockletta/none")

    assert b"HTTP/1.1 404 Not Found\r\n" in asyncio.run(repeated(mock, request, control))[1]


class Unread(Written):
    """A transport whose client never reads: it takes 64 KiB, then it pauses the writing."""

    connection: Connection

    def write(self, data: Any) -> None:  # noqa: ANN401
        super().write(data)
        if len(self.data) > HIGH_WATER_LIMIT:
            self.connection.pause_writing()


def long_send(mock: MockLetta, **options: object) -> bytes:
    """A request for a streamed reply of 3,500 tokens."""
    conversation = make_conversation(mock.world, make_agent(mock.world))
    said = [{"role": "user", "content": f"Say '{'word ' * 3_500}'"}]
    body = json.dumps({"messages": said, "streaming": True, "stream_tokens": True} | options)
    head = f"POST /v1/conversations/{conversation.id}/messages HTTP/1.1\r\nhost: localhost\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n{body}".encode()


@pytest.mark.parametrize("options", [{}, {"background": True}])
def test_a_client_that_never_reads_is_written_a_bounded_part(
    mock: MockLetta, options: dict[str, object]
) -> None:
    async def story() -> tuple[int, bytes]:
        connection, _ = connected(mock)
        connection.connection_made(transport := Unread())
        transport.connection = connection
        connection.data_received(long_send(mock, **options))
        await asyncio.gather(*connection.tasks)
        unread = len(transport.data)
        for _ in range(100):
            connection.resume_writing()
        return unread, transport.data

    unread, whole = asyncio.run(story())

    assert unread < len(whole) / 3
    assert whole.count(b'"message_type":"assistant_message"') == 3_500


def test_what_a_client_did_not_read_is_given_back_when_it_leaves(mock: MockLetta) -> None:
    async def story() -> list[weakref.ref[object]]:
        connection, _ = connected(mock)
        connection.connection_made(transport := Unread())
        transport.connection = connection
        connection.data_received(long_send(mock))
        assert len(transport.data) > HIGH_WATER_LIMIT
        connection.connection_lost(None)
        await asyncio.gather(*connection.tasks)
        return [weakref.ref(connection), weakref.ref(transport)]

    left = asyncio.run(story())
    gc.collect()

    assert [one() for one in left] == [None, None]
    assert (mock.world.tasks, mock.world.active) == (set(), {})


async def left_while_it_waits(mock: MockLetta) -> bytes:
    """What is written to a client that sends requests, reads nothing, and leaves."""
    connection, transport = connected(mock)
    connection.pause_writing()
    connection.data_received((HEALTH + b"\r\n") * 3)
    tasks = asyncio.gather(*connection.tasks)
    await asyncio.sleep(0)
    transport.is_closed = True
    connection.connection_lost(None)
    await tasks
    return transport.data


def test_nothing_is_written_to_a_client_that_left(
    mock: MockLetta, caplog: pytest.LogCaptureFixture
) -> None:
    assert asyncio.run(left_while_it_waits(mock)) == b""
    assert caplog.messages == []


def test_a_uvicorn_without_the_hook_of_the_fast_path_is_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    warn_without_fast_path()
    assert caplog.messages == []

    warn_without_fast_path(int)
    assert "has no int._start_asgi_task" in caplog.text


def test_a_request_waits_for_the_turn_that_came_before_it(mock: MockLetta, raw: Raw) -> None:
    agent_id = mock.world.run(lambda: make_agent(mock.world)).id
    body = b'{"input": "Hello!"}'
    path = f"/v1/agents/{agent_id}/messages/async".encode()
    runs = HEALTH.replace(b"/v1/health/", b"/v1/runs/")
    head = CREATE.replace(b"/v1/blocks/", path)

    raw.send(head + b"content-length: %d\r\n\r\n" % len(body) + body + runs + b"\r\n")

    answer = raw.read_until(b"}]")
    assert [b'"status":"created"' in answer, b'"status":"completed"' in answer] == [True, True]


def test_requests_that_come_together_are_answered_in_order(raw: Raw) -> None:
    docs = HEALTH.replace(b"/v1/health/", b"/docs")
    raw.send((HEALTH + b"\r\n") * 3 + CREATE + block_of(1) + docs + b"\r\n")

    answers = raw.read_until(b"</html>\n").split(b"HTTP/1.1 ")[1:]

    assert [answer[:3] for answer in answers] == [b"200"] * 5
    assert [HEALTHY in answer for answer in answers] == [True, True, True, False, False]
    assert b'"label":"b"' in answers[3]


@pytest.mark.parametrize("size", [1, 100_000])
def test_a_request_may_come_in_pieces(raw: Raw, size: int) -> None:
    whole = CREATE + block_of(size)

    raw.send(whole[:20], whole[20:100], whole[100:-3])
    raw.send(whole[-3:])

    assert raw.read_until(b"}").startswith(b"HTTP/1.1 200 OK\r\n")


def test_the_connection_of_a_client_of_http_1_0_is_closed_after_its_answer(raw: Raw) -> None:
    raw.send(HEALTH.replace(b"1.1", b"1.0") + b"\r\n")

    assert raw.read_until(b"the end of the connection").endswith(HEALTHY)


@pytest.mark.parametrize("end", [b"\r\n\r\n", b""])
@pytest.mark.parametrize("size", [1, 4_000])
def test_a_head_that_is_too_large_is_refused(raw: Raw, end: bytes, size: int) -> None:
    header = b"x: %b\r\n" % (b"a" * size)
    with suppress(ConnectionError):
        raw.send(HEALTH, *[header * (60_000 // len(header))] * 6, b"y: " + b"b" * 200_000, end)

    assert raw.read_until(b"}").endswith(HEAD_TOO_LARGE.rpartition(b"\r\n")[2])


def test_a_head_of_moderate_size_is_read(raw: Raw) -> None:
    raw.send(HEALTH, b"x: %b\r\n" % (b"a" * 100_000), b"\r\n")

    assert raw.read_until(HEALTHY).endswith(HEALTHY)


def test_a_head_has_no_body(raw: Raw) -> None:
    raw.send(HEALTH.replace(b"GET", b"HEAD") + b"\r\n")

    assert raw.read_until(b"\r\n\r\n").startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize("before", [b"", CREATE + block_of(1)])
def test_a_client_that_leaves_within_a_request_is_recorded(
    mock: MockLetta, raw: Raw, before: bytes
) -> None:
    raw.send(before)
    raw.read_until(b"}" if before else b"")
    mock.journal.clear()
    raw.send(CREATE + block_of(1)[:-3])
    raw.close()

    entry = mock.journal.wait_for("blocks.create")

    assert (entry.left_early, entry.status) == (True, None)
