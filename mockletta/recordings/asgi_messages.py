"""Converts requests and responses between ASGI and recordings."""

from starlette.types import Message, Receive, Scope

from mockletta.recordings.recording import Content, Exchange, Pairs


def target_of(scope: Scope) -> str:
    """Return the path and the query of a request as they were sent."""
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return (raw_path + b"?" + query if query else raw_path).decode("latin-1")


def headers_of_scope(scope: Scope) -> Pairs:
    """Return the headers of a request, with names in lower case."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]


def asked_in(scope: Scope, body: bytes) -> Exchange:
    """Return a request as an exchange without a response."""
    path, _, query = target_of(scope).partition("?")
    content = Content(body, len(body))
    return Exchange(0, 0.0, "", scope["method"], path, query, headers_of_scope(scope), content)


def start_message(status: int, headers: Pairs) -> Message:
    """Return the message that starts a response."""
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": pairs}


def body_message(data: bytes, *, more: bool = False) -> Message:
    """Return the message with a part of a response's body."""
    return {"type": "http.response.body", "body": data, "more_body": more}


async def whole_body(receive: Receive) -> bytes | None:
    """Return the body of a request, None if the client leaves before it is complete."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def received_again(body: bytes, receive: Receive) -> Receive:
    """Return a function that receives a body again, and then the messages after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
