"""Reads request bodies, and turns results and errors into responses."""

import logging
from collections.abc import Awaitable, Coroutine
from types import CoroutineType
from typing import TypeVar
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from mockletta.errors import ApiError, InternalError, MethodNotAllowed, NotImplementedYet
from mockletta.http.rendering import JSON_HEADERS, JSON_TYPE, LongList, Response, SlicedWork, render
from mockletta.http.sse import Chunk
from mockletta.http.streaming import Answer, ChunkedResponse, EventStream

logger = logging.getLogger("mockletta")
T = TypeVar("T")
NO_RETRY = (b"x-should-retry", b"false")  # the SDK obeys this header; without it, it retries


class ClientDisconnect(Exception):
    """The client left before its request had arrived completely, or before it was answered."""


async def answered(answer: Awaitable[T], scope: Scope) -> T | Response:
    """Await the answer, or return the response to the error that it raises.

    Raises ClientDisconnect, since no client is left to answer.
    """
    try:
        return await answer
    except ClientDisconnect:
        raise
    except Exception as error:  # noqa: BLE001 - it is answered
        return failure_response(error, scope)


def failure_response(error: Exception, scope: Scope) -> Response:
    """Return the response to an error. An error that is not an ApiError is logged."""
    if isinstance(error, ApiError):
        return error_response(error)
    logger.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
    return error_response(InternalError())


def redirect(scope: Scope, path: str) -> Response:
    """Redirect a request to another path of this server."""
    return Response(307, [(b"location", _absolute(scope, path))], b"")


async def read_body(receive: Receive, limit: int) -> bytes:
    """Read a request's body. A body longer than `limit` bytes is read until it exceeds the limit.
    Raises ClientDisconnect if the client leaves before its end."""
    message = await receive()
    body: bytes = message.get("body", b"")
    parts = [body]
    size = len(body)
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            break
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return b"".join(parts) if len(parts) > 1 else body


async def send_response(response: Response, send: Send) -> None:
    """Send a whole response."""
    length = (b"content-length", str(len(response.body)).encode())
    await send(
        {
            "type": "http.response.start",
            "status": response.status,
            "headers": [*response.headers, length],
        }
    )
    await send({"type": "http.response.body", "body": response.body})


def answer_or_wait(result: object) -> Answer | Coroutine[None, None, Answer | ChunkedResponse]:
    """Turn the result of a handler into an answer, or into an awaitable of one. A very long list is
    sent while it is rendered."""
    if isinstance(result, Response):
        return result
    if isinstance(result, CoroutineType | SlicedWork | LongList):
        return _answer_in_pieces(result)
    return answer_of(result)


async def awaited_answer(result: object) -> Answer:
    """Turn the result of a handler into a complete answer, however long that takes."""
    result = await _finished(result)
    return answer_of(await result.render() if isinstance(result, LongList) else result)


async def _answer_in_pieces(result: object) -> Answer | ChunkedResponse:
    result = await _finished(result)
    if not isinstance(result, LongList):
        return answer_of(result)
    return ChunkedResponse(
        Response(200, JSON_HEADERS, b""), (Chunk(piece) async for piece in result.pieces())
    )


async def _finished(result: object) -> object:
    if isinstance(result, CoroutineType):
        return await result
    return await result.finish() if isinstance(result, SlicedWork) else result


def answer_of(result: object) -> Answer:
    """Turn the result of a handler into an answer."""
    return result if isinstance(result, EventStream) else response_of(result)


def response_of(result: object) -> Response:
    """Turn the result of a handler into a whole response."""
    return result if isinstance(result, Response) else Response(200, JSON_HEADERS, render(result))


def error_response(error: ApiError) -> Response:
    """Render an error in Letta's shape."""
    headers = [JSON_TYPE]
    if isinstance(error, MethodNotAllowed):
        headers.append((b"allow", error.allow.encode()))
    if isinstance(error, NotImplementedYet):
        headers.append(NO_RETRY)
    return Response(error.status, headers, render(error.body))


def _absolute(scope: Scope, path: str) -> bytes:
    host = next((value for name, value in scope["headers"] if name == b"host"), b"localhost")
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    return b"".join((scope["scheme"].encode(), b"://", host, quote(path).encode(), query))
