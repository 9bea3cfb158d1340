"""Transports for httpx that call the application in process, without a port.

Failures look as they do on a socket: resets, streams that end early, a stopped server, and read
timeouts.
"""

import asyncio
import logging
import queue
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, NamedTuple

import httpx
from starlette.types import ASGIApp, Message, Scope

from mockletta.hosting.runtime import Runtime, Stopped
from mockletta.http.connection_resets import RESET

logger = logging.getLogger("mockletta")


class ResponseHead(NamedTuple):
    """The status and headers of a response."""

    status: int
    headers: list[tuple[bytes, bytes]]


Part = ResponseHead | bytes | httpx.TransportError | None
"""A part of a response: its start, pieces of its body, then None or the error that ended it."""
Deliver = Callable[[Part], None]


class ApplicationCall:
    """One call of the application, on the loop of its runtime.

    `deliver` is called on that loop with each part of the response.
    """

    def __init__(self, app: ASGIApp, request: httpx.Request, body: bytes, deliver: Deliver) -> None:
        self._app = app
        self._request = request
        self._body: bytes | None = body
        self._deliver = deliver
        self._started = False
        self._ended = asyncio.Event()

    async def serve(self) -> None:
        """Run the application. The response has ended afterwards, whole or with an error."""
        try:
            await self._app(self._scope(), self._receive, self._send)
        except Exception:
            logger.exception("%s %s failed", self._request.method, self._request.url.path)
        finally:
            self._end(_broken_off(started=self._started))

    def leave(self) -> None:
        """Tell the application that the client has disconnected."""
        self._ended.set()

    async def _reset(self) -> None:
        self._end(httpx.ReadError("[Errno 104] Connection reset by peer"))

    def _end(self, with_what: httpx.TransportError | None) -> None:
        if not self._ended.is_set():
            self._ended.set()
            self._deliver(with_what)

    def _scope(self) -> Scope:
        url = self._request.url
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self._request.method,
            "scheme": url.scheme,
            "path": url.path,
            "raw_path": url.raw_path.partition(b"?")[0],
            "query_string": url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in self._request.headers.raw],
            "server": (url.host, url.port),
            "client": None,
            "extensions": {RESET: self._reset},
        }

    async def _receive(self) -> Message:
        body, self._body = self._body, None
        if body is not None:
            return {"type": "http.request", "body": body, "more_body": False}
        await self._ended.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self._ended.is_set():
            return
        if message["type"] == "http.response.start":
            self._started = True
            self._deliver(ResponseHead(message["status"], list(message["headers"])))
            return
        body = message.get("body", b"")
        if body and self._request.method != "HEAD":
            self._deliver(body)
        if not message.get("more_body"):
            self._end(None)


def _broken_off(*, started: bool) -> httpx.TransportError:
    """Return the error that httpx raises if the server closes the connection too early."""
    if started:
        return httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body"
        )
    return httpx.RemoteProtocolError("Server disconnected without sending a response.")


class _Calls:
    """The calls of one transport that are in progress."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._leaving: set[Callable[[], None]] = set()

    def begin(self, request: httpx.Request, body: bytes, deliver: Deliver) -> Callable[[], None]:
        """Start a call. Return a function to call when the client disconnects."""
        call = ApplicationCall(self._runtime.app, request, body, deliver)
        try:
            post = self._runtime.spawn(call.serve())
        except Stopped as error:
            raise httpx.ConnectError(str(error)) from error

        def leave() -> None:
            self._leaving.discard(leave)
            post(call.leave)

        self._leaving.add(leave)
        return leave

    def end(self) -> None:
        for leave in list(self._leaving):
            leave()


class Transport(httpx.BaseTransport):
    """A transport for `httpx.Client`, in any thread."""

    def __init__(self, runtime: Runtime) -> None:
        self._calls = _Calls(runtime)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        inbox: queue.SimpleQueue[Part] = queue.SimpleQueue()
        leave = self._calls.begin(request, request.read(), inbox.put)
        parts = _ResponseParts(inbox, leave, _read_timeout(request))
        return _response(parts.take(), parts)

    def close(self) -> None:
        self._calls.end()


class _ResponseParts(httpx.SyncByteStream):
    """The parts of a response. Reading one raises ReadTimeout after `seconds`."""

    def __init__(
        self, inbox: queue.SimpleQueue[Part], leave: Callable[[], None], seconds: float | None
    ) -> None:
        self._inbox = inbox
        self._leave = leave
        self._seconds = seconds

    def take(self) -> Part:
        try:
            part = self._inbox.get(timeout=self._seconds)
            return _unless_error(part)
        except queue.Empty:
            self._leave()
            raise _timed_out() from None
        except BaseException:
            self._leave()
            raise

    def __iter__(self) -> Iterator[bytes]:
        while isinstance(part := self.take(), bytes):
            yield part

    def close(self) -> None:
        self._leave()


class AsyncTransport(httpx.AsyncBaseTransport):
    """A transport for `httpx.AsyncClient`, on any asyncio loop."""

    def __init__(self, runtime: Runtime) -> None:
        self._calls = _Calls(runtime)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        loop = asyncio.get_running_loop()
        inbox: asyncio.Queue[Part] = asyncio.Queue()

        def deliver(part: Part) -> None:
            try:
                loop.call_soon_threadsafe(inbox.put_nowait, part)
            except RuntimeError:
                leave()

        leave = self._calls.begin(request, await request.aread(), deliver)
        parts = _AsyncResponseParts(inbox, leave, _read_timeout(request))
        return _response(await parts.take(), parts)

    async def aclose(self) -> None:
        self._calls.end()


class _AsyncResponseParts(httpx.AsyncByteStream):
    """The parts of a response for an asynchronous client."""

    def __init__(
        self, inbox: asyncio.Queue[Part], leave: Callable[[], None], seconds: float | None
    ) -> None:
        self._inbox = inbox
        self._leave = leave
        self._seconds = seconds

    async def take(self) -> Part:
        try:
            async with asyncio.timeout(self._seconds):
                part = await self._inbox.get()
            return _unless_error(part)
        except TimeoutError:
            self._leave()
            raise _timed_out() from None
        except BaseException:
            self._leave()
            raise

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while isinstance(part := await self.take(), bytes):
            yield part

    async def aclose(self) -> None:
        self._leave()


def _read_timeout(request: httpx.Request) -> float | None:
    seconds: float | None = request.extensions.get("timeout", {}).get("read")
    return seconds


def _timed_out() -> httpx.ReadTimeout:
    return httpx.ReadTimeout("The read operation timed out")


def _unless_error(part: Part) -> Part:
    if isinstance(part, httpx.TransportError):
        raise part
    return part


def _response(start: Part, parts: Any) -> httpx.Response:  # noqa: ANN401
    assert isinstance(start, ResponseHead)
    return httpx.Response(start.status, headers=start.headers, stream=parts)
