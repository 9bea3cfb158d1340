"""In process, without a port: what httpx makes of an application behind our transports."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockletta.hosting.runtime import Runtime
from mockletta.hosting.transport import AsyncTransport, Transport
from mockletta.http.connection_resets import RESET
from mockletta.world.world import World
from mockletta.world.worlds import Worlds

URL = "http://mock/v1/things?limit=2"
ClientOf = Callable[[ASGIApp], httpx.Client]
AsyncClientOf = Callable[[ASGIApp], httpx.AsyncClient]


def _start(status: int = 200) -> Message:
    return {"type": "http.response.start", "status": status, "headers": [(b"x-app", b"yes")]}


def _piece(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def engine_of() -> Iterator[Callable[[ASGIApp], Runtime]]:
    engines: list[Runtime] = []

    def make(app: ASGIApp) -> Runtime:
        engines.append(Runtime(app, Worlds(World())))
        return engines[-1]

    yield make
    for runtime in engines:
        runtime.stop()


@pytest.fixture
def client_of(engine_of: Callable[[ASGIApp], Runtime]) -> ClientOf:
    return lambda app: httpx.Client(transport=Transport(engine_of(app)))


@pytest.fixture
def async_client_of(engine_of: Callable[[ASGIApp], Runtime]) -> AsyncClientOf:
    return lambda app: httpx.AsyncClient(transport=AsyncTransport(engine_of(app)))


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    message = await receive()
    told = {name: scope[name] for name in ("method", "path", "scheme", "server")}
    told |= {"query": scope["query_string"].decode(), "body": message["body"].decode()}
    await send(_start(201))
    await send(_piece(json.dumps(told).encode(), more=False))


class _Counting:
    """Streams numbers; the next one only when it is told to go on."""

    def __init__(self) -> None:
        self.go_on = threading.Semaphore(1)
        self.left = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        await receive()
        await send(_start())
        left = asyncio.create_task(self._until_left(receive))
        for number in range(3):
            await asyncio.to_thread(self.go_on.acquire)
            await send(_piece(b"%d" % number))
        await send(_piece(b"", more=False))
        await left

    async def _until_left(self, receive: Receive) -> None:
        assert (await receive())["type"] == "http.disconnect"
        self.left.set()


ECHOED = {
    "method": "POST",
    "path": "/v1/things",
    "scheme": "http",
    "server": ["mock", None],
    "query": "limit=2",
    "body": "hello",
}


def test_a_request_and_its_response_come_through_whole(client_of: ClientOf) -> None:
    with client_of(_echo) as client:
        response = client.post(URL, content=b"hello")

    assert (response.status_code, response.headers["x-app"]) == (201, "yes")
    assert response.json() == ECHOED


@pytest.mark.anyio
async def test_so_they_do_asynchronously(async_client_of: AsyncClientOf) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"hel"
        yield b"lo"

    async with async_client_of(_echo) as client:
        response = await client.post(URL, content=pieces())

    assert (response.status_code, response.json()) == (201, ECHOED)


def test_a_response_to_head_has_no_body(client_of: ClientOf) -> None:
    with client_of(_echo) as client:
        assert client.head(URL).content == b""


def test_a_stream_is_read_while_it_is_made(client_of: ClientOf) -> None:
    app = _Counting()
    with client_of(app) as client, client.stream("GET", URL) as response:
        read = []
        for piece in response.iter_raw():
            read.append(piece)
            app.go_on.release()

    assert read == [b"0", b"1", b"2"]


@pytest.mark.anyio
async def test_a_stream_is_read_asynchronously_while_it_is_made(
    async_client_of: AsyncClientOf,
) -> None:
    app = _Counting()
    async with async_client_of(app) as client, client.stream("GET", URL) as response:
        read = []
        async for piece in response.aiter_raw():
            read.append(piece)
            app.go_on.release()

    assert read == [b"0", b"1", b"2"]


def test_a_client_that_leaves_a_stream_is_disconnected(client_of: ClientOf) -> None:
    app = _Counting()
    with client_of(app) as client:
        with client.stream("GET", URL) as response:
            assert next(response.iter_raw()) == b"0"
        app.left.wait()
        app.go_on.release(2)


@pytest.mark.anyio
async def test_an_asynchronous_client_that_leaves_is_disconnected(
    async_client_of: AsyncClientOf,
) -> None:
    app = _Counting()
    async with async_client_of(app) as client:
        async with client.stream("GET", URL):
            pass
        await asyncio.to_thread(app.left.wait)
        app.go_on.release(2)


def test_a_client_that_is_closed_leaves_its_streams(client_of: ClientOf) -> None:
    app = _Counting()
    client = client_of(app)
    response = client.send(client.build_request("GET", URL), stream=True)

    client.close()

    app.left.wait()
    app.go_on.release(2)
    response.close()


@pytest.mark.anyio
async def test_a_request_that_is_cancelled_is_disconnected(
    async_client_of: AsyncClientOf,
) -> None:
    asked, left = threading.Event(), threading.Event()

    async def stall(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        asked.set()
        await receive()
        left.set()

    async with async_client_of(stall) as client:
        request = asyncio.create_task(client.get(URL))
        await asyncio.to_thread(asked.wait)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        await asyncio.to_thread(left.wait)


def test_requests_are_answered_at_once_and_not_one_after_the_other(client_of: ClientOf) -> None:
    arrived = asyncio.Barrier(4)

    async def together(scope: Scope, receive: Receive, send: Send) -> None:
        await arrived.wait()
        await send(_start())
        await send(_piece(b"", more=False))

    with client_of(together) as client, ThreadPoolExecutor(4) as threads:
        answers = threads.map(lambda _: client.get(URL).status_code, range(4))
        assert list(answers) == [200] * 4


async def _silent(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _reset_before_headers(scope: Scope, receive: Receive, send: Send) -> None:
    await scope["extensions"][RESET]()
    await send(_start())


async def _reset_within(scope: Scope, receive: Receive, send: Send) -> None:
    await send(_start())
    await scope["extensions"][RESET]()


async def _never_starts(scope: Scope, receive: Receive, send: Send) -> None: ...


async def _never_ends(scope: Scope, receive: Receive, send: Send) -> None:
    await send(_start())


async def _fails(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError("broken")


@pytest.mark.parametrize(
    ("app", "error", "message"),
    [
        (_reset_before_headers, httpx.ReadError, "Connection reset by peer"),
        (_reset_within, httpx.ReadError, "Connection reset by peer"),
        (_never_starts, httpx.RemoteProtocolError, "without sending a response"),
        (_never_ends, httpx.RemoteProtocolError, "without sending complete message body"),
        (_fails, httpx.RemoteProtocolError, "without sending a response"),
        (_silent, httpx.ReadTimeout, "The read operation timed out"),
    ],
)
class TestWhatGoesWrong:
    """It is what goes wrong on a socket."""

    def test_for_a_client(
        self, client_of: ClientOf, app: ASGIApp, error: type[Exception], message: str
    ) -> None:
        with client_of(app) as client, pytest.raises(error, match=message):
            client.get(URL, timeout=_patience(app))

    @pytest.mark.anyio
    async def test_for_an_asynchronous_client(
        self, async_client_of: AsyncClientOf, app: ASGIApp, error: type[Exception], message: str
    ) -> None:
        async with async_client_of(app) as client:
            with pytest.raises(error, match=message):
                await client.get(URL, timeout=_patience(app))


def _patience(app: ASGIApp) -> float | None:
    return 0.001 if app is _silent else None


def test_nobody_answers_once_the_mock_is_stopped(
    engine_of: Callable[[ASGIApp], Runtime],
) -> None:
    runtime = engine_of(_echo)
    with httpx.Client(transport=Transport(runtime)) as client:
        runtime.stop()
        with pytest.raises(httpx.ConnectError, match="the mock is stopped"):
            client.get(URL)


def test_a_request_under_way_when_the_mock_is_stopped_is_broken_off(
    engine_of: Callable[[ASGIApp], Runtime],
) -> None:
    asked = threading.Event()

    async def stall(scope: Scope, receive: Receive, send: Send) -> None:
        asked.set()
        await asyncio.Event().wait()

    runtime = engine_of(stall)
    with httpx.Client(transport=Transport(runtime)) as client, ThreadPoolExecutor(1) as threads:
        answer = threads.submit(client.get, URL, timeout=None)
        asked.wait()
        runtime.stop()
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            answer.result()


def test_a_client_whose_loop_has_ended_is_disconnected(
    engine_of: Callable[[ASGIApp], Runtime],
) -> None:
    app = _Counting()
    client = httpx.AsyncClient(transport=AsyncTransport(engine_of(app)))
    asyncio.run(_open(client))

    app.go_on.release(2)

    app.left.wait()


async def _open(client: httpx.AsyncClient) -> None:
    await client.send(client.build_request("GET", URL), stream=True)
