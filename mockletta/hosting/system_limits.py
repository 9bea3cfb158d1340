"""Limits of the system that make a server lose connections. Each is reported once, in one line."""

import logging
import socket
import struct
import sys
from collections.abc import Callable, Iterable

logger = logging.getLogger("mockletta")
RESERVE = 32
"""The number of open files that are not connections."""
_QUEUE = struct.Struct("II")
_QUEUE_OFFSET = 24
"""The positions in the `TCP_INFO` of a listening socket on Linux of the length and the limit of its
queue."""


class SystemLimits:
    """Warns if clients cannot connect because of a limit of the system."""

    def __init__(self, listeners: Iterable[socket.socket]) -> None:
        self._listeners = list(listeners)
        self._checks: list[Callable[[int], bool]] = [self._is_queue_full, _are_files_used_up]

    def check(self, connections: int) -> None:
        """Log a warning for each limit that is reached for the first time. `connections` is the
        number of open ones."""
        self._checks = [check for check in self._checks if not check(connections)]

    def _is_queue_full(self, _: int) -> bool:
        for waiting, most in map(_accept_queue, self._listeners):
            if waiting > most:
                logger.warning(
                    "Clients cannot connect: %d wait to be accepted, and the system allows no more "
                    "(net.core.somaxconn).",
                    waiting,
                )
                return True
        return False


def _accept_queue(listener: socket.socket) -> tuple[int, int]:
    """Return the number of clients that wait to be accepted, and the most that the queue takes."""
    if sys.platform != "linux":
        return 0, 0
    waiting, most = _QUEUE.unpack_from(
        listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 64), _QUEUE_OFFSET
    )
    return waiting, most


def _are_files_used_up(connections: int) -> bool:
    limit = _most_files()
    if limit is None or connections + RESERVE < limit:
        return False
    logger.warning(
        "Clients cannot connect: %d connections are open, and the system allows %d open files "
        "(ulimit -n).",
        connections,
        limit,
    )
    return True


def _most_files() -> int | None:
    """Return the limit of open files; None if it is unlimited."""
    if sys.platform == "win32":
        return None
    from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit  # noqa: PLC0415 - not on Windows

    soft, _ = getrlimit(RLIMIT_NOFILE)
    return None if soft == RLIM_INFINITY else soft
