"""Who is asking and for what, by the headers."""

from dataclasses import dataclass
from typing import NamedTuple

from mockletta.errors import ApiError, InvalidId
from mockletta.http.credentials import BEARER, PASSWORD, key_in
from mockletta.http.parameters import PathPattern
from mockletta.journal.entries import Headers
from mockletta.wire.ids import UUID4

FAULT = b"x-mockletta-fault"
PACE = b"x-mockletta-pace"
_USER_ID = PathPattern(f"^user-{UUID4}$")


@dataclass(frozen=True, slots=True)
class Client:
    """The client's SDK: from 1.0 on it gets other answers than older ones [68]."""

    is_sdk_v1: bool = False


SDK_V1 = Client(is_sdk_v1=True)
OTHER = Client()


class Head(NamedTuple):
    """What of a request's headers answers depend on.

    `fault` and `pace` are asked for this request alone; `refused` is what is wrong with them.
    """

    client: Client = OTHER
    content_type: str | None = None
    key: str | None = None
    fault: str | None = None
    pace: str | None = None
    refused: ApiError | None = None


def read_headers(headers: Headers) -> Head:
    """The headers' meaning; a malformed `user_id` is refused [41]."""
    client, content_type, key, fault, pace, refused = Head()
    for name, value in headers:
        if name == b"content-type":
            content_type = value.decode("latin-1")
        elif name == b"x-stainless-package-version":
            client = SDK_V1 if value.split(b".")[0].isdigit() and value[:2] != b"0." else OTHER
        elif name in (BEARER, PASSWORD):
            key = key_in(value)
        elif name == b"user_id" and not _USER_ID.accepts(value.decode("latin-1")):
            refused = InvalidId("user", "user", value.decode("latin-1"))
        elif name == FAULT:
            fault = value.decode("latin-1")
        elif name == PACE:
            pace = value.decode("latin-1")
    return Head(client, content_type, key, fault, pace, refused)
