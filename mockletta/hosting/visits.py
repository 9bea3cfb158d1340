"""One request on its way in and its response on its way out, and what the journal notes of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.types import Receive, Scope, Send

from mockletta.faults.plan import Planned
from mockletta.hosting.protocols import Host
from mockletta.http.client_headers import Head
from mockletta.http.credentials import body_without_tokens, without_secrets, without_tokens
from mockletta.http.endpoints import Endpoint, RawRequest
from mockletta.http.rendering import Response
from mockletta.http.sse import EventStream, serve_stream
from mockletta.journal.entries import Entry
from mockletta.world.exchange import Exchange

if TYPE_CHECKING:
    from mockletta.faults.kinds import Fault


SHOWING_TOKENS = frozenset(f"access_tokens.{verb}" for verb in ("create", "list", "delete"))
"""Operations whose paths or answers show whole tokens."""


@dataclass(slots=True)
class Injection:
    """A fault that was chosen for a request, where it is planned, and whether it has struck."""

    fault: "Fault"
    planned: Planned | None = None
    struck: bool = False


class Visit:
    """A request to one world; its journal entry is entered at once and filled in as it goes.

    `path` is what is asked for, `receive` is set once the answer has to be waited for. One that is
    `refused` comes without a key that the server knows.
    """

    def __init__(self, scope: Scope, head: Head, world: Host, *, refused: bool = False) -> None:
        self.scope = scope
        self.path: str = scope["path"]
        self.receive: Receive
        self.head = head
        self.world = world
        self.refused = refused
        self.entry = Entry(
            scope["method"],
            scope["path"],
            scope["query_string"],
            without_secrets(scope["headers"]),
            head.shown_key,
            world.clock.peek(),
        )
        self.entry.key_mark = head.key_mark
        self.exchange = Exchange(self.entry, pace_text=head.pace)
        self.injection: Injection | None = None
        world.journal.add(self.entry)

    def call(self, endpoint: Endpoint[Any], request: RawRequest) -> object:
        """Run a handler, which finds this request at its world, and what was due before it done."""
        with self.world.lock:
            if self.world.timetable is not None:
                self.world.timetable.look()
            self.world.exchange = self.exchange
            try:
                return endpoint.call(self.world, request)
            finally:
                self.world.exchange = None
                self.world.changed()

    def note(self, answer: Response) -> None:
        """Note an answer that is sent whole."""
        self._keep(answer)
        self.entry.finish()

    async def tell(self, answer: Response | EventStream, send: Send) -> None:
        """Send the answer, and note what was sent."""
        entry = self.entry
        if isinstance(answer, Response):
            self._keep(answer)
            await send_whole(answer, send)
        else:
            entry.status, entry.response_headers = answer.head.status, answer.head.headers
            noted = EventStream(None, partial(self._noted, answer.follow()), answer.head)
            await serve_stream(noted, self.scope, self.receive, send)
        entry.finish()

    def _keep(self, answer: Response) -> None:
        entry = self.entry
        entry.status, entry.response_headers, entry.response_body = answer
        if entry.operation in SHOWING_TOKENS:
            self._hide_tokens()

    def _hide_tokens(self) -> None:
        """Note no token in full."""
        entry = self.entry
        entry.path = without_tokens(entry.path)
        entry.params = {name: without_tokens(value) for name, value in entry.params.items()}
        entry.response_body = body_without_tokens(entry.response_body)

    def miss(self) -> None:
        """Note that the fault chosen for this request had nothing to strike: a planned one goes
        back to the plan."""
        assert self.injection is not None
        self.entry.fault = None
        if self.injection.planned is not None:
            self.world.faults.give_back(self.injection.planned)
        self.injection = None

    def left(self) -> None:
        """Note that the client has left before there was an answer."""
        self.entry.left_early = True
        self.entry.finish()

    async def _noted(self, frames: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        self.entry.left_early = True
        async for joined in frames:
            self.entry.sent(joined)
            yield joined
        self.entry.left_early = False


async def send_whole(response: Response, send: Send) -> None:
    """Send a response that is known whole."""
    length = (b"content-length", str(len(response.body)).encode())
    await send(
        {
            "type": "http.response.start",
            "status": response.status,
            "headers": [*response.headers, length],
        }
    )
    await send({"type": "http.response.body", "body": response.body})
