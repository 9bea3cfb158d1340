"""A minimal HTTP/1.1: bytes of a request, and the end of a response."""

import json

CHUNKED = -1
LAST_CHUNK = b"\r\n0\r\n\r\n"
DONE_EVENT = b"data: [DONE]\n\n"


def request_bytes(method: str, path: str, body: object = None) -> bytes:
    """Return the bytes of a keep-alive request; `body` is sent as JSON."""
    content = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\n"
        "host: 127.0.0.1\r\n"
        "accept: */*\r\n"
        "content-type: application/json\r\n"
        f"content-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


class ResponseReader:
    """Collects the bytes of one connection until a response is complete.

    There is no pipelining: all bytes after the head belong to this response. A chunked body ends
    with its last chunk, a sequence that no JSON or event of this server contains.
    """

    def __init__(self) -> None:
        self._received = bytearray()
        self._length: int | None = None

    def feed(self, data: bytes) -> bool:
        """Add bytes from the socket. Returns True when the response is complete."""
        self._received += data
        if self._length is None:
            self._length = _total_length(self._received)
        if self._length == CHUNKED:
            return self._received.endswith(LAST_CHUNK)
        return self._length is not None and len(self._received) >= self._length

    def take(self) -> bytes:
        """Return the whole response with its head, and start the next one."""
        response = bytes(self._received)
        self._received.clear()
        self._length = None
        return response


def is_success(response: bytes) -> bool:
    """Tell whether the status is 2xx."""
    return response.startswith(b"HTTP/1.1 2")


def is_finished_stream(response: bytes) -> bool:
    """Tell whether the events of a response end with `[DONE]`, however they were chunked."""
    return DONE_EVENT in response[-64:]


def _total_length(received: bytearray) -> int | None:
    end_of_head = received.find(b"\r\n\r\n")
    if end_of_head < 0:
        return None
    head = received[:end_of_head].lower()
    start = head.find(b"\r\ncontent-length:")
    if start < 0:
        return CHUNKED
    return end_of_head + 4 + int(head[start + 17 :].split(b"\r\n", 1)[0])
