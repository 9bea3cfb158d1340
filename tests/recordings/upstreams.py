"""Servers that misbehave, to be recorded: each connection is answered by a function."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from mockletta.hosting.listening import listen

Answer = Callable[[socket.socket, bytes], None]
HEAD_END = b"\r\n\r\n"
FRAME = b'data: {"message_type":"ping"}\n\n'


def head(*lines: str, status: str = "200 OK") -> bytes:
    """Write the head of a response."""
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


def chunk(data: bytes) -> bytes:
    """Write a chunk of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


STREAM = head("content-type: text/event-stream", "transfer-encoding: chunked")


@contextmanager
def serving(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve on a port of this machine, a thread for each connection."""
    listener = listen("127.0.0.1", 0)
    threading.Thread(target=_accept, args=(listener, answer, context), daemon=True).start()
    try:
        scheme = "http" if context is None else "https"
        yield f"{scheme}://localhost:{listener.getsockname()[1]}"
    finally:
        listener.close()


def _accept(listener: socket.socket, answer: Answer, context: ssl.SSLContext | None) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(
                target=_handle, args=(connection, answer, context), daemon=True
            ).start()


def _handle(connection: socket.socket, answer: Answer, context: ssl.SSLContext | None) -> None:
    with suppress(OSError):
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        with connection:
            answer(connection, _request(connection))


def _request(connection: socket.socket) -> bytes:
    """Read a request with a body of a known length."""
    read = b""
    while HEAD_END not in read:
        read += connection.recv(65536)
    start, _, body = read.partition(HEAD_END)
    length = int(start.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    while len(body) < length:
        body += connection.recv(65536)
    return start + HEAD_END + body
