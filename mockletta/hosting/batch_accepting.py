"""Accepts many clients in one iteration of the loop.

uvloop accepts one client in each iteration. The iterations of a busy server are long, and clients
would wait until the system drops them.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

MOST = 256
"""The most clients that are accepted in one iteration, so that others are served too."""


class BatchAccepting:
    """Accepts the clients that wait on a listening socket, in addition to the server that listens
    on it."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        listener: socket.socket,
        protocol: Callable[[], asyncio.Protocol],
    ) -> None:
        self._loop = loop
        self._protocol = protocol
        self._tasks: set[asyncio.Task[object]] = set()
        self._listener = listener.dup()  # a loop watches a file descriptor for one reader
        self._listener.setblocking(False)
        with suppress(NotImplementedError):  # loops on Windows accept in another way
            loop.add_reader(self._listener, self._accept)

    def stop(self) -> None:
        """Accept no more."""
        with suppress(NotImplementedError):
            self._loop.remove_reader(self._listener)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # nobody waits any more
            for _ in range(MOST):
                client, _ = self._listener.accept()
                client.setblocking(False)
                connecting = self._loop.connect_accepted_socket(self._protocol, client)
                task: asyncio.Task[object] = self._loop.create_task(connecting)
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
