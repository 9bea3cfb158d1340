"""A recording in memory: requests and responses, as bytes with their times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mockletta.errors import BadSettings

Pairs = Sequence[tuple[str, str]]
"""Headers in their order; a name can occur several times."""
Piece = tuple[float, bytes]
"""The seconds since the request, and the bytes that arrived then."""
COMPLETE = "complete"
CLIENT_LEFT = "client left"
BROKE_OFF = "upstream broke off"
NO_ANSWER = "no answer"
UNFINISHED = "recording ended"
EVENT_STREAM = "text/event-stream"


class BadRecording(BadSettings):
    """The file is not a recording, or one of another version. The message names the line."""


@dataclass(frozen=True, slots=True)
class Content:
    """A body. `whole_size` is its size in bytes; a recording may keep only the first ones."""

    data: bytes = b""
    whole_size: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether the recording keeps only the beginning of the body."""
        return self.whole_size > len(self.data)


@dataclass(frozen=True)
class Exchange:
    """One request with its response.

    `at` is in seconds since the recording began; `ended` and the times of the pieces are in seconds
    since the request. `status` is 0 if there was no response. `ending` says how it ended:
    `complete`, `client left`, `upstream broke off`, `no answer`, or `recording ended`; `reason` has
    the error. Bodies are decompressed; `encoding` is the original compression of the response.
    """

    number: int
    at: float
    operation: str
    method: str
    path: str
    query: str
    headers: Pairs
    content: Content
    status: int = 0
    response_headers: Pairs = ()
    pieces: Sequence[Piece] = ()
    whole_size: int = 0
    ended: float = 0.0
    ending: str = NO_ANSWER
    reason: str = ""
    encoding: str = ""

    @property
    def body(self) -> bytes:
        """The recorded part of the response's body."""
        return b"".join(data for _, data in self.pieces)

    @property
    def is_cut(self) -> bool:
        """Whether bytes of the response are missing because of a limit of the recording."""
        return self.whole_size > len(self.body)

    @property
    def is_stream(self) -> bool:
        """Whether the response is a stream of server-sent events."""
        return EVENT_STREAM in header(self.response_headers, "content-type")

    @property
    def target(self) -> str:
        """The path with the query, as in a request line."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class Recording:
    """The exchanges of a session, in the order of their requests, and how it was made.

    `recorded` is the time it began, in ISO 8601. `ids` are the names that stand for ids in the
    file.
    """

    exchanges: Sequence[Exchange]
    upstream: str = ""
    recorded: str = ""
    sdk: str = ""
    made_by: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_number(self) -> Mapping[int, Exchange]:
        """The exchanges by their numbers."""
        return {exchange.number: exchange for exchange in self.exchanges}


def header(headers: Pairs, name: str) -> str:
    """Return the value of a header; several are joined by commas, "" if there is none."""
    return ", ".join(value for key, value in headers if key.lower() == name)
