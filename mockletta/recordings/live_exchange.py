"""An exchange that the proxy is recording. Long bodies are kept in temporary files."""

import tempfile
import time
import zlib
from collections.abc import Iterator
from typing import Literal, Protocol

from mockletta.recordings.recording import (
    BROKE_OFF,
    EVENT_STREAM,
    NO_ANSWER,
    UNFINISHED,
    Content,
    Exchange,
    Pairs,
    Piece,
    header,
)

MOST_BODY = 16 * 1024 * 1024
"""The default limit of a recorded body in bytes."""
IN_MEMORY = 64 * 1024
READABLE = ("gzip", "deflate")
"""The compressions that recordings can decompress."""
NOT_RECORDED = frozenset({"connection", "host", "keep-alive", "transfer-encoding"})
_AUTOMATIC = zlib.MAX_WBITS | 32


class Decoder(Protocol):
    """Decompresses a body part by part."""

    def decompress(self, data: bytes, /) -> bytes: ...


class Spool:
    """Collects bytes. Only the first `most` are kept."""

    def __init__(self, most: int) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `take`
        self._left = most
        self.size = 0
        self.pieces: list[tuple[float, int]] = []

    def add(self, at: float, data: bytes) -> None:
        """Add bytes that arrived at a time."""
        self.size += len(data)
        kept = data[: self._left]
        self._left -= len(kept)
        if kept:
            self._file.write(kept)
            self.pieces.append((at, len(kept)))

    def take(self) -> list[Piece]:
        """Return the kept bytes, and forget them."""
        with self._file as file:
            file.seek(0)
            return [(at, file.read(size)) for at, size in self.pieces]


class LiveExchange:
    """One request through the proxy. Times are in seconds since it arrived."""

    def __init__(
        self, number: int, at: float, method: str, target: str, headers: Pairs, most_body: int
    ) -> None:
        self.number = number
        self._at = at
        self._began = time.perf_counter()
        self._method = method
        self._target = target
        self._headers = headers
        self._sent = Spool(most_body)
        self._received = Spool(most_body)
        self._status = 0
        self._response_headers: Pairs = ()
        self._decoder: Decoder | None = None
        self._encoding = ""
        self._ended = 0.0
        self.ending: str = UNFINISHED
        self._reason = ""

    @property
    def size(self) -> int:
        """The bytes of both bodies."""
        return self._sent.size + self._received.size

    def now(self) -> float:
        """Return the seconds since the request arrived."""
        return time.perf_counter() - self._began

    def send(self, data: bytes) -> None:
        """Record a part of the request's body."""
        self._sent.add(self.now(), data)

    def respond(self, status: int, headers: Pairs) -> None:
        """Record the head of the response."""
        self._status = status
        self._response_headers = headers
        self._encoding = header(headers, "content-encoding").lower()
        if self._encoding in READABLE:
            self._decoder = zlib.decompressobj(_AUTOMATIC)
        self._ended = self.now()

    def receive(self, data: bytes) -> None:
        """Record a part of the response's body."""
        self._ended = self.now()
        if self._encoding and self._encoding != "identity" and self._decoder is None:
            self._received.size += len(data)
            return
        self._received.add(self._ended, self._decoded(data))

    def end(self, ending: str, reason: str = "") -> bool:
        """Record how the response ended. Return False if that is already recorded."""
        if self.ending != UNFINISHED:
            return False
        self.ending, self._reason = ending, reason or self._reason
        self._ended = self.now()
        return True

    def end_by_upstream(self, reason: str) -> bool:
        """Record that the upstream did not answer, or broke off. Return whether the response had
        begun."""
        has_begun = self._status != 0
        self.end(BROKE_OFF if has_begun else NO_ANSWER, reason)
        return has_begun

    def exchange(self) -> Exchange:
        """Return the recorded exchange. Call this once, at the end."""
        path, _, query = self._target.partition("?")
        sent = b"".join(data for _, data in self._sent.take())
        return Exchange(
            self.number,
            self._at,
            "",
            self._method,
            path,
            query,
            list(_recorded_headers(self._headers, self._sent.size, "request")),
            Content(sent, self._sent.size),
            self._status,
            list(_recorded_headers(self._response_headers, self._received.size, self._method)),
            self._pieces(),
            self._received.size,
            self._ended,
            self.ending,
            self._reason,
            self._encoding if self._decoder else "",
        )

    def _pieces(self) -> list[Piece]:
        pieces = self._received.take()
        if EVENT_STREAM in header(self._response_headers, "content-type"):
            return pieces
        is_short = len(pieces) > 1 and pieces[-1][0] - pieces[0][0] < SHORT
        return [(pieces[0][0], b"".join(data for _, data in pieces))] if is_short else pieces

    def _decoded(self, data: bytes) -> bytes:
        if self._decoder is None:
            return data
        try:
            return self._decoder.decompress(data)
        except zlib.error as error:
            self._reason = f"the body is not {self._encoding}: {error}"
            return b""


SHORT = 0.005
"""The seconds within which the parts of a body count as one. Streams are not affected."""


def _recorded_headers(
    headers: Pairs,
    size: int,
    kind: Literal["request"] | str,  # noqa: PYI051 - a method otherwise
) -> Iterator[tuple[str, str]]:
    """Return headers without those of one connection, and without a length that the body
    determines."""
    for name, value in headers:
        if name in NOT_RECORDED or name == "content-encoding":
            continue
        if name == "content-length" and kind != "HEAD" and (size or value == "0"):
            continue
        yield name, value
