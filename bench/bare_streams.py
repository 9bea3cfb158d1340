"""The reference for paced streams: a server that only paces constant frames, without HTTP parsing.

Run it with `python -m bench.bare_streams TOKENS SECONDS_TO_FIRST_TOKEN TOKENS_PER_SECOND`. It has
one timer for all streams, keeps no state, and answers every request with the same stream.
"""

import asyncio
import socket
import sys
from heapq import heappop, heappush
from math import ceil
from typing import cast

import uvloop

from bench.bare import BACKLOG

SLOT = 0.005
HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)
LAST = b"0\r\n\r\n"
_UUID = b"00000000-0000-4000-8000-000000000000"
_EVENT = (
    b'data: {"id":"message-%b","date":"2026-01-01T00:00:00+00:00","name":null,"message_type":'
    b'"assistant_message","otid":"%b","sender_id":null,"step_id":"step-%b","is_err":null,"seq_id":'
    b'null,"run_id":"run-%b","content":"%%d "}\n\n'
) % (_UUID, _UUID, _UUID, _UUID)


class Pacer:
    """Writes each frame of each stream when it is due."""

    def __init__(self, tokens: int, first: float, rate: float) -> None:
        events = [_EVENT % number for number in range(1, tokens + 1)]
        self._frames = [b"%x\r\n%b\r\n" % (len(event), event) for event in events]
        self._first, self._between = first, 1 / rate
        self._slots: dict[int, list[Stream]] = {}
        self._order: list[int] = []
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    def start(self, stream: "Stream") -> None:
        """Start the stream."""
        stream.transport.write(HEAD)
        stream.due, stream.sent = self._loop.time() + self._first, 0
        self._put(stream)
        self._set_timer()

    def _put(self, stream: "Stream") -> None:
        slot = ceil(stream.due / SLOT)
        if slot not in self._slots:
            self._slots[slot] = []
            heappush(self._order, slot)
        self._slots[slot].append(stream)

    def _check(self) -> None:
        now = self._loop.time()
        while self._order and self._order[0] * SLOT <= now:
            for stream in self._slots.pop(heappop(self._order)):
                self._send(stream)
        self._set_timer()

    def _send(self, stream: "Stream") -> None:
        stream.transport.write(self._frames[stream.sent])
        stream.sent += 1
        stream.due += self._between
        if stream.sent < len(self._frames):
            self._put(stream)
        else:
            stream.transport.write(LAST)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._order:
            left = self._order[0] * SLOT - self._loop.time()
            self._timer = self._loop.call_later(max(left, 0.0), self._check)


class Stream(asyncio.Protocol):
    """One connection; whatever it sends is a request."""

    transport: asyncio.Transport

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer
        self.due, self.sent = 0.0, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, _data: bytes) -> None:
        """Start the stream."""
        self._pacer.start(self)


async def main() -> None:
    """Serve until killed. The first line on stdout is the URL."""
    tokens, first, rate = sys.argv[1:]
    pacer = Pacer(int(tokens), float(first), float(rate))
    listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    print("http://{}:{}".format(*listener.getsockname()), flush=True)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Stream(pacer), sock=listener, backlog=BACKLOG)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
