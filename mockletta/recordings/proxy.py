"""The recording proxy. It passes everything on unchanged and at once, in both directions."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import httpcore
from starlette.types import Receive, Scope, Send

from mockletta.http.connection_resets import close, reset
from mockletta.recordings.asgi_messages import (
    body_message,
    headers_of_scope,
    start_message,
    target_of,
)
from mockletta.recordings.live_exchange import MOST_BODY, LiveExchange
from mockletta.recordings.recording import (
    CLIENT_LEFT,
    COMPLETE,
    Exchange,
    Pairs,
)
from mockletta.recordings.upstream import ERRORS, HOP_BY_HOP, Upstream

logger = logging.getLogger("mockletta.record")
Keep = Callable[[Exchange], None]
LONG = 128 * 1024
"""The size in bytes from which a thread writes an exchange, so that no request waits for it."""


class RecordingProxy:
    """An ASGI application that passes requests on to an upstream and records the exchanges.

    `keep` is called with each exchange that has ended, one after the other: between two events of
    the loop, or in a thread if the exchange is long. `first_number` is the number of the first
    exchange. Bodies are kept up to `most_body` bytes.
    """

    def __init__(
        self, upstream: Upstream, keep: Keep, most_body: int = MOST_BODY, first_number: int = 1
    ) -> None:
        self._upstream = upstream
        self._keep = keep
        self._most_body = most_body
        self._number = first_number - 1
        self._began = time.perf_counter()
        self._ended: asyncio.Queue[LiveExchange] = asyncio.Queue()
        self._keeping: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        live = self._begin(scope)
        client = _Client(live, scope, receive)
        request = asyncio.current_task()
        assert request is not None
        leaving = asyncio.ensure_future(client.leaving(request))
        try:
            with suppress(ConnectionError):
                await self._pass(live, client, send)
        except asyncio.CancelledError:
            if live.ending != CLIENT_LEFT:
                raise
        finally:
            leaving.cancel()
            self._ended.put_nowait(live)

    async def end(self) -> None:
        """Record the exchanges that have ended, and close the connections to the upstream."""
        await self._upstream.close()
        await self._ended.join()
        if self._keeping is not None:
            self._keeping.cancel()

    async def _keep_all(self) -> None:
        while True:
            live = await self._ended.get()
            if live.size > LONG:
                await asyncio.to_thread(self._keep_one, live)
            else:
                self._keep_one(live)
                await asyncio.sleep(0)
            self._ended.task_done()

    def _keep_one(self, live: LiveExchange) -> None:
        try:
            self._keep(live.exchange())
        except Exception:
            logger.exception("request %d could not be recorded", live.number)

    def _begin(self, scope: Scope) -> LiveExchange:
        if self._keeping is None:
            self._keeping = asyncio.ensure_future(self._keep_all())
        self._number += 1
        at = time.perf_counter() - self._began
        method, target, headers = scope["method"], target_of(scope), headers_of_scope(scope)
        return LiveExchange(self._number, at, method, target, headers, self._most_body)

    async def _pass(self, live: LiveExchange, client: "_Client", send: Send) -> None:
        """Pass a request on and its response back. Break off if the upstream does."""
        scope = client.scope
        body = client.body() if client.has_body else None
        sending = self._upstream.send(
            scope["method"], target_of(scope), headers_of_scope(scope), body
        )
        try:
            async with sending as response:
                await self._pass_back(live, response, send)
        except ERRORS as error:
            has_begun = live.end_by_upstream(f"{type(error).__name__}: {error}")
            if not has_begun:
                logger.warning("%s: %s", self._upstream.url, error)
            is_reset = not has_begun or isinstance(error, httpcore.ReadError)
            await (reset if is_reset else close)(scope, client.receive)

    async def _pass_back(self, live: LiveExchange, response: httpcore.Response, send: Send) -> None:
        headers = [self._passed_back(name, value) for name, value in _headers(response)]
        live.respond(response.status, headers)
        await send(start_message(response.status, headers))
        async for data in response.aiter_stream():
            live.receive(data)
            await send(body_message(data, more=True))
        await send(body_message(b""))
        live.end(COMPLETE)

    def _passed_back(self, name: str, value: str) -> tuple[str, str]:
        return name, self._upstream.relative(value) if name == "location" else value


class _Client:
    """The client of one request: it sends the body, and may leave."""

    def __init__(self, live: LiveExchange, scope: Scope, receive: Receive) -> None:
        names = {name for name, _ in scope["headers"]}
        self.scope = scope
        self.receive = receive
        self.has_body = b"transfer-encoding" in names or b"content-length" in names
        self._live = live
        self._has_come = asyncio.Event()
        if not self.has_body:
            self._has_come.set()

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the parts of the body. It never ends if the client leaves; then `leaving` ends."""
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                self._has_come.set()
                await asyncio.Event().wait()
            data = message.get("body", b"")
            if data:
                self._live.send(data)
                yield data
            if not message.get("more_body"):
                self._has_come.set()
                return

    async def leaving(self, request: "asyncio.Task[None]") -> None:
        """Cancel the task of the request if the client leaves before it has ended."""
        await self._has_come.wait()
        while (await self.receive())["type"] != "http.disconnect":
            pass
        if self._live.end(CLIENT_LEFT):
            request.cancel()


def _headers(response: httpcore.Response) -> Pairs:
    pairs = [
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in response.headers
    ]
    return [(name, value) for name, value in pairs if name not in HOP_BY_HOP]
