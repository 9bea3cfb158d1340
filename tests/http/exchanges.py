"""Requests to an ASGI application without a socket: what it is sent, and what it answers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Scope

Headers = dict[str, str]


@dataclass
class Answer:
    """What an application sent; no status if it sent nothing."""

    status: int | None = None
    headers: Headers = field(default_factory=dict)
    body: bytes = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")


def chunks(*bodies: bytes) -> list[Message]:
    """A body as it arrives: each part but the last says that more is to come."""
    last = len(bodies) - 1
    return [
        {"type": "http.request", "body": body, "more_body": place < last}
        for place, body in enumerate(bodies)
    ]


def scope_of(method: str, target: str, headers: Headers | None = None) -> Scope:
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "scheme": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
    }


def exchange(
    app: ASGIApp,
    method: str,
    target: str,
    *,
    body: Sequence[Message] = (),
    headers: Headers | None = None,
) -> Answer:
    """Ask an application and collect its answer; once the body is read, nothing more comes."""
    messages = iter(body or chunks(b""))
    answer = Answer()

    async def receive() -> Message:
        for message in messages:
            return message
        return await asyncio.Future[Message]()

    async def talk() -> None:
        await app(scope_of(method, target, headers), receive, answer.send)

    asyncio.run(talk())
    return answer
