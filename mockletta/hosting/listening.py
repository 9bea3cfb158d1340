"""Listening sockets and their addresses."""

import errno
import socket

BACKLOG = 65_535
"""The number of clients that may wait to be accepted. The system's own limit is lower."""
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


class CannotListen(OSError):
    """A port cannot be listened on. The message has the address, the reason and a remedy."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        taken = error.errno == errno.EADDRINUSE
        remedy = ". Is another server running there? Port 0 takes any free port" if taken else ""
        super().__init__(error.errno, f"cannot listen on {host}:{port}: {error.strerror}{remedy}")


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises CannotListen if the port is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotListen(host, port, error) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the base URL of a listening socket. One on all interfaces is called localhost."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{'localhost' if host in EVERYWHERE else shown}:{port}"
