"""POSTs, to servers that answer and to some that do not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from socket import gaierror

import pytest

from mockletta.http.posting import NO_ANSWER, NO_STATUS, Address, PostError, post
from mockletta.state.clock import Clock

pytestmark = pytest.mark.anyio
Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SECONDS = 5.0


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def listening(answer: Answering) -> AsyncIterator[int]:
    """A server on a free port, which it yields."""
    server = await asyncio.start_server(answer, "127.0.0.1")
    async with server:
        yield server.sockets[0].getsockname()[1]


def says(text: bytes, heard: list[bytes] | None = None) -> Answering:
    """Answers each request with a text, and closes the connection."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"{}")
        if heard is not None:
            heard.append(request)
        writer.write(text)
        writer.close()

    return answer


async def posted(answer: Answering, url: str = "http://127.0.0.1:{}/hook") -> int:
    async with listening(answer) as port:
        return await post(Address(url.format(port)), b"{}", Clock(), SECONDS)


async def failure(url: str, clock: Clock | None = None) -> str:
    with pytest.raises(PostError) as raised:
        await post(Address(url), b"{}", clock or Clock(), SECONDS)
    return repr(raised.value)


async def test_the_status_of_the_answer_is_returned() -> None:
    assert await posted(says(b"HTTP/1.1 302 Found\r\nlocation: /x\r\n\r\n")) == 302
    assert await posted(says(b"HTTP/1.1 103 Hints\r\na: b\r\n\r\nHTTP/1.1 201 Made\r\n")) == 201


async def test_the_request_has_the_url_quoted_and_its_user_in_a_header() -> None:
    heard: list[bytes] = []

    await posted(
        says(b"HTTP/1.1 204 No\r\n\r\n", heard), "http://a:b%20@127.0.0.1:{}/H%20/ü y?q=a b&c=%2F"
    )

    lines = heard[0].split(b"\r\n")
    assert lines[0] == b"POST /H%20/%C3%BC%20y?q=a%20b&c=%2F HTTP/1.1"
    assert lines[1].startswith(b"host: 127.0.0.1:")
    assert b"authorization: Basic YTpiIA==" in lines
    assert lines[-3:] == [b"content-length: 2", b"", b"{}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", f"RemoteProtocolError({NO_ANSWER!r})"),
        (b"SSH-2.0-OpenSSH\r\n", f"RemoteProtocolError({NO_STATUS!r})"),
        (b"x" * 70_000, "ReadError"),
    ],
)
async def test_what_is_no_answer_is_an_error(text: bytes, expected: str) -> None:
    async with listening(says(text)) as port:
        assert (await failure(f"http://127.0.0.1:{port}/")).startswith(expected)


async def test_a_server_that_speaks_no_tls_is_an_error() -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with listening(plain) as port:
        assert "ConnectError('[SSL" in await failure(f"https://127.0.0.1:{port}/")


async def test_a_host_without_address_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*where: object, **how: object) -> None:
        raise gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio, "open_connection", unknown)
    expected = "ConnectError('[Errno -2] Name or service not known')"
    assert await failure("http://a.invalid/") == expected


async def test_an_answer_that_does_not_come_is_a_timeout_by_the_clock() -> None:
    clock = Clock(frozen_at="2026-01-01T00:00:00Z")

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        clock.advance(SECONDS)
        await reader.read()
        writer.close()

    async with listening(never) as port:
        assert await failure(f"http://127.0.0.1:{port}/", clock) == "ReadTimeout('')"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("not a url", "UnsupportedProtocol(\"Request URL is missing an 'http://' or "),
        ("http:///x", "UnsupportedProtocol(\"Request URL is missing an 'http://' or "),
        ("ftp://a/x", "UnsupportedProtocol(\"Request URL has an unsupported protocol 'ftp://'.\")"),
        ("http://a:b/", "InvalidURL("),
        ("http://127.0.0.1:1/", "ConnectError('All connection attempts failed')"),
        ("https://127.0.0.1:1/", "ConnectError('All connection attempts failed')"),
    ],
)
async def test_an_address_that_cannot_be_called_is_an_error(url: str, expected: str) -> None:
    assert (await failure(url)).startswith(expected)


async def test_a_connection_that_is_not_made_is_a_timeout_by_the_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(frozen_at="2026-01-01T00:00:00Z")

    async def never(*where: object, **how: object) -> None:
        clock.advance(SECONDS)
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio, "open_connection", never)
    assert await failure("http://127.0.0.1:1/", clock) == "ConnectTimeout('')"
