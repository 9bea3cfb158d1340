"""The heads of requests that clients repeat, such as those of an SDK.

Most requests have the same headers as an earlier one. Their bytes are compared with those of the
earlier head, so that only the first line must be parsed. All other requests go through httptools.
"""

import re
from typing import NamedTuple

from mockletta.http.rendering import Headers
from mockletta.world.client_headers import RepeatedHeaders

MOST_HEADS = 256
LONGEST = 4_096
"""The size in bytes of the longest headers that are kept."""
LONGEST_BODY = 64 * 1024
END = b"\r\n\r\n"
_LENGTH = b"content-length"
_UNUSUAL = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
_FIRST_LINE = re.compile(
    rb"(DELETE|GET|PATCH|POST|PUT) "
    rb"(/[\w/.~:-]{0,4096})(?:\?([\w/.~:%=&+,-]{0,4096}))? HTTP/1\.1\r\n"
)
"""The usual form of a request's first line: a path without escapes, and a query, neither of them
long."""


class KnownRequest(NamedTuple):
    """A request with known headers. `missing` is the number of bytes of the body that have not
    arrived yet."""

    method: str
    path: bytes
    query: bytes
    headers: RepeatedHeaders
    body: bytes
    missing: int


class KnownHeads:
    """The headers that the clients of a server have sent, by their bytes, with the length of the
    body. Long bodies are left to the parser, which limits what it reads."""

    def __init__(self) -> None:
        self._heads: dict[bytes, tuple[RepeatedHeaders, int]] = {}

    def read(self, data: bytes) -> KnownRequest | None:
        """Return the request, if its headers are known and the bytes have nothing else."""
        line = _FIRST_LINE.match(data)
        if line is None:
            return None
        end = data.find(END) + len(END)
        known = self._heads.get(data[line.end() : end])
        if known is None:
            return None
        headers, length = known
        body = data[end:]
        missing = length - len(body)
        if missing < 0:
            return None
        method, path, query = line.groups(b"")
        return KnownRequest(method.decode(), path, query, headers, body, missing)

    def remember(self, data: bytes, headers: Headers) -> None:
        """Keep the headers of a request that has been parsed. `data` begins with it, and no other
        request follows."""
        line, end = _FIRST_LINE.match(data), data.find(END) + len(END)
        given = dict(headers)
        length = int(given.get(_LENGTH, b"0"))
        if line is None or end > LONGEST or length > LONGEST_BODY:
            return
        if _UNUSUAL.isdisjoint(given):
            if len(self._heads) >= MOST_HEADS:
                self._heads.clear()
            self._heads[data[line.end() : end]] = RepeatedHeaders(headers), length
