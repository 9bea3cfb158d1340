"""The request headers that answers depend on."""

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from mockletta.http.credentials import (
    BEARER,
    PASSWORD,
    is_token,
    key_in,
    proper_key_in,
)
from mockletta.http.path_patterns import PathPattern
from mockletta.http.redaction import hidden, redact_headers
from mockletta.http.rendering import Headers
from mockletta.journal.entries import RecordedHeaders, old_sdk_version
from mockletta.wire.fields import UUID4

Pair = tuple[bytes, bytes]
HOST = b"host"
ORIGIN = b"origin"
CONTENT_TYPE = b"content-type"
VERSION = b"x-stainless-package-version"
OLD_VERSION = b"x-fern-sdk-version"
USER_AGENT = b"user-agent"
USER_ID = b"user_id"
FAULT = b"x-mockletta-fault"
PACE = b"x-mockletta-pace"
STORAGE_UNIT = b"storage-unit"
PROJECT_ID = b"x-project-id"
PROJECT = b"x-project"
_KEYS = frozenset({BEARER, PASSWORD})
_READ = _KEYS | {CONTENT_TYPE, VERSION, USER_ID, FAULT, PACE, STORAGE_UNIT, PROJECT_ID, PROJECT}
_READ |= {OLD_VERSION, USER_AGENT, HOST, ORIGIN}
_USER_ID = PathPattern(f"^user-{UUID4}$")


class Client(NamedTuple):
    """What a client's headers say about it.

    SDKs from 1.0 on get other answers than older ones [68]. `project` is the id of the client's
    project, or else its name. Sizes are answered in the `storage_unit`.
    """

    is_sdk_v1: bool = False
    project: str | None = None
    storage_unit: str = "GB"


OTHER = Client()


class ClientHeaders(NamedTuple):
    """The headers of a request that its answer depends on.

    `fault` and `pace` apply to this request alone. `malformed_user` is an invalid user id [41].
    `shown_key` and `key_mark` distinguish keys without showing them. `keys` are the keys with the
    right scheme; `is_token` says whether one is a client-side access token. `old_sdk` is the
    version of an SDK before 1.0. `host` and `origin` are as they were sent.
    """

    client: Client = OTHER
    content_type: str | None = None
    key: str | None = None
    fault: str | None = None
    pace: str | None = None
    malformed_user: str | None = None
    shown_key: str | None = None
    key_mark: int | None = None
    keys: tuple[str, ...] = ()
    is_token: bool = False
    old_sdk: str | None = None
    host: bytes | None = None
    origin: bytes | None = None


class RepeatedHeaders:
    """Headers that a client sends with many requests. What is read from them is kept."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._pairs = tuple(pairs)

    def __iter__(self) -> Iterator[Pair]:
        return iter(self._pairs)

    @cached_property
    def read(self) -> ClientHeaders:
        return _read_pairs(self)

    @cached_property
    def recorded(self) -> RecordedHeaders:
        """The headers as the journal keeps them."""
        return RecordedHeaders.of(redact_headers(self))


def read_headers(headers: Headers | RepeatedHeaders) -> ClientHeaders:
    """Read the headers of a request."""
    return headers.read if isinstance(headers, RepeatedHeaders) else _read_pairs(headers)


def recorded_headers(headers: Headers | RepeatedHeaders) -> RecordedHeaders:
    """Return the headers of a request as the journal keeps them."""
    if isinstance(headers, RepeatedHeaders):
        return headers.recorded
    return RecordedHeaders.of(redact_headers(headers))


def _read_pairs(headers: Iterable[Pair]) -> ClientHeaders:
    return _read(tuple([pair for pair in headers if pair[0] in _READ]))


@lru_cache(1_024)
def _read(headers: tuple[Pair, ...]) -> ClientHeaders:
    """Parse the headers. Cached, since a client sends the same headers with each request."""
    given = {name: value.decode("latin-1") for name, value in headers}
    version, user_id = given.get(VERSION, ""), given.get(USER_ID)
    is_malformed = user_id is not None and not _USER_ID.accepts(user_id)
    key = next((key_in(value) for name, value in reversed(headers) if name in _KEYS), None)
    is_sdk_v1 = version.split(".")[0].isdigit() and version[:2] != "0."
    proper = [proper_key_in(name, value) for name, value in reversed(headers) if name in _KEYS]
    return ClientHeaders(
        client=Client(
            is_sdk_v1,
            given.get(PROJECT_ID) or given.get(PROJECT) or None,
            given.get(STORAGE_UNIT, "GB"),
        ),
        content_type=given.get(CONTENT_TYPE),
        key=key,
        fault=given.get(FAULT),
        pace=given.get(PACE),
        malformed_user=user_id if is_malformed else None,
        shown_key=None if key is None else hidden(key),
        key_mark=None if key is None else hash(key),
        keys=tuple(filter(None, proper)),
        is_token=any(map(is_token, proper)),
        old_sdk=None
        if is_sdk_v1
        else old_sdk_version(given.get(OLD_VERSION), given.get(USER_AGENT)),
        host=dict(headers).get(HOST),
        origin=dict(headers).get(ORIGIN),
    )
