"""Who is asking, as far as answers depend on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from mockletta.errors import InvalidId
from mockletta.http.parameters import PathPattern
from mockletta.wire.ids import UUID4

_USER_ID = PathPattern(f"^user-{UUID4}$")


@dataclass(frozen=True, slots=True)
class Client:
    """The client's SDK: from 1.0 on it gets other answers than older ones [68]."""

    is_sdk_v1: bool = False


SDK_V1 = Client(is_sdk_v1=True)
OTHER = Client()


def read_headers(headers: Iterable[tuple[bytes, bytes]]) -> tuple[Client, str | None]:
    """The client and the content type; InvalidId for a malformed `user_id` header [41]."""
    client, content_type = OTHER, None
    for name, value in headers:
        if name == b"content-type":
            content_type = value.decode("latin-1")
        elif name == b"x-stainless-package-version":
            client = SDK_V1 if value.split(b".")[0].isdigit() and value[:2] != b"0." else OTHER
        elif name == b"user_id" and not _USER_ID.accepts(value.decode("latin-1")):
            raise InvalidId("user", "user", value.decode("latin-1"))
    return client, content_type
