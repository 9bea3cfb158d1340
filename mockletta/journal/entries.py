"""Journal entries: one request with its response, as they were sent, and the fields derived from
them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self
from urllib.parse import parse_qsl

from mockletta.documents.json_types import Json
from mockletta.http.sse import Chunk
from mockletta.journal.burst_recorder import BurstRecorder
from mockletta.journal.stream_frames import (
    PacedPart,
    SentFrame,
    SentPart,
    parsed,
    sent_frames,
)
from mockletta.state.event_log import Burst, Events

if TYPE_CHECKING:
    from mockletta.http.redaction import Redaction
    from mockletta.http.rendering import Headers, Response
    from mockletta.journal.entry_json import EntryDocument
    from mockletta.journal.traffic import Traffic

SSE = b"text/event-stream"
_NOTHING: Mapping[str, str] = MappingProxyType({})


MOST_IN_PIECES = 8 * 1024 * 1024
"""The bytes that are kept of a body that is sent in pieces; one more piece may exceed them."""
HEALTH_CHECKS = frozenset({"health", "ready"})
"""Operations that only check whether the server is up."""


class Dependence(NamedTuple):
    """Records that an answer depends on a quirk: the quirk's name and a sentence.

    `in_passing` is true if only a detail depends on it, which most clients never read.
    """

    quirk: str
    sentence: str
    in_passing: bool


class RecordedHeaders(NamedTuple):
    """Headers without their credentials, and their size in bytes."""

    pairs: "Headers"
    size: int

    @classmethod
    def of(cls, pairs: "Headers") -> Self:
        return cls(pairs, sum(map(len, chain(*pairs))))


class EntryObserver(Protocol):
    """Keeps entries and is notified when they grow."""

    @property
    def is_watched_closely(self) -> bool: ...
    def grew(self, entry: "Entry", size: int) -> None: ...
    def sent(self, entry: "Entry", events: Events) -> None: ...
    def finished(self, entry: "Entry", streamed: int) -> None: ...


class Entry:
    """A request, and the part of its response that has been sent.

    It keeps the bytes, and parses them only when a field is read. Credentials in `headers` are
    hidden; `key_mark` distinguishes API keys without showing them. Times are in seconds: `stream`
    has the sent events with their time since the request's arrival, `duration` is the time until
    the last byte, None before that. `unscripted` explains why no rule replied, `fault` describes
    the injected fault. `redaction` hides the secrets of the operation in both bodies, when they are
    read.
    """

    __slots__ = (
        "_headers_size",
        "_rules",
        "at",
        "burst",
        "duration",
        "fault",
        "headers",
        "key",
        "key_mark",
        "left_early",
        "method",
        "number",
        "observer",
        "operation",
        "params",
        "path",
        "query_string",
        "quirks",
        "raw_request",
        "raw_response",
        "read_form",
        "redaction",
        "response_headers",
        "size",
        "started",
        "status",
        "stream",
        "traffic",
        "unscripted",
    )

    def __init__(
        self,
        method: str,
        path: str,
        query_string: bytes,
        headers: "RecordedHeaders",
        key: str | None,
        at: datetime,
    ) -> None:
        self.started = perf_counter()
        self.at = at
        self.method = method
        self.path = path
        self.query_string = query_string
        self.headers, self._headers_size = headers
        self.key = key
        self.key_mark: int | None = None
        self.number = 0
        self.size = 0
        self.observer: EntryObserver | None = None
        self.operation: str | None = None
        self.params = _NOTHING
        self.raw_request = b""
        self.read_form: Callable[[bytes], object] | None = None
        self._rules: tuple[str, ...] = ()
        self.quirks: tuple[Dependence, ...] = ()
        self.unscripted: str | None = None
        self.fault: str | None = None
        self.status: int | None = None
        self.response_headers: Headers = ()
        self.raw_response = b""
        self.stream: list[SentPart | PacedPart] | tuple[()] = ()
        self.burst: BurstRecorder | None = None
        self.redaction: Redaction | None = None
        self.left_early = False
        self.duration: float | None = None
        self.traffic: Traffic | None = None

    def record(self, response: "Response") -> None:
        """Record a whole response. The entry is then complete."""
        self.status, self.response_headers = response.status, response.headers
        events, observer = response.events, self.observer
        if not events:
            self.raw_response = response.body
        elif observer is not None or not self.number:
            self.stream = [SentPart((perf_counter() - self.started,), events)]
            if observer is not None and observer.is_watched_closely:
                observer.sent(self, events)
        self.finish(len(response.body) if events else 0)

    def record_left(self) -> None:
        """Record that the client left before it was answered."""
        self.left_early = True
        self.finish()

    def sent(self, chunk: Chunk) -> None:
        """Record a part of the response, unless the journal has dropped this entry."""
        if self.observer is None and self.number:
            return
        data, events, begun = chunk
        if not events and begun is None:
            if len(self.raw_response) < MOST_IN_PIECES:
                self.raw_response += data
            return
        self._end_burst()
        self._add_part(SentPart((perf_counter() - self.started,), events, begun))
        observer = self.observer
        if observer is not None:
            observer.grew(self, len(data))
            if observer.is_watched_closely:
                observer.sent(self, events)

    def _add_part(self, part: SentPart | PacedPart) -> None:
        if self.stream:
            self.stream.append(part)
        else:
            self.stream = [part]

    def start_burst(self, burst: Burst, first: int) -> BurstRecorder:
        """Return what records the events of a burst when they are sent, from a place on."""
        self._end_burst()
        part = PacedPart(burst, first)
        if self.observer is not None or not self.number:
            self._add_part(part)
        self.burst = BurstRecorder(self, part)
        return self.burst

    def _end_burst(self) -> None:
        if self.burst is not None:
            self.burst.count_bytes()
            self.burst = None

    def finish(self, streamed: int = 0) -> None:
        """Record that the response is complete. So many bytes of frames are not counted yet."""
        if self.duration is not None:
            return
        self._end_burst()
        self.duration = perf_counter() - self.started
        if self.traffic is not None:
            self.traffic.count_end(self)
        if self.observer is not None:
            self.observer.finished(self, streamed)

    @property
    def head_size(self) -> int:
        """Return the number of bytes before the request's body, without line breaks."""
        return len(self.path) + len(self.query_string) + self._headers_size

    @property
    def request_bytes(self) -> bytes:
        """The request's body, with its secrets hidden."""
        if self.redaction is None:
            return self.raw_request
        return self.redaction.request(self.raw_request, self.header("content-type"))

    @property
    def response_body(self) -> bytes:
        """The response's body, with its secrets and those of the request hidden."""
        if self.redaction is None:
            return self.raw_response
        content_type = self.header("content-type")
        return self.redaction.response(self.raw_response, self.raw_request, content_type)

    @property
    def body(self) -> Json:
        """The request's JSON; its text if it is not JSON, None if there is no body. The body of a
        form is a mapping of its fields; a file has `filename`, `content_type`, `size` and
        `content`."""
        if self.read_form is not None and self.raw_request:
            return self.read_form(self.request_bytes)
        return parsed(self.request_bytes)

    @property
    def query(self) -> dict[str, str | list[str]]:
        """The query's parameters. A repeated parameter is a list."""
        found: dict[str, str | list[str]] = {}
        text = self.query_string.decode("latin-1")
        for name, value in parse_qsl(text, keep_blank_values=True):
            before = found.get(name)
            if before is None:
                found[name] = value
            else:
                found[name] = [*(before if isinstance(before, list) else [before]), value]
        return found

    @property
    def api_key(self) -> str | None:
        """The API key. Only its first characters are shown."""
        return self.key

    @property
    def is_problem(self) -> bool:
        """Whether the entry is reported at every log level: an unscripted message, a 501 or another
        5xx."""
        return self.unscripted is not None or (self.status is not None and self.status >= 500)

    @property
    def is_stream(self) -> bool:
        """Whether the response is a stream of events, complete or not."""
        return any(name == b"content-type" and SSE in kind for name, kind in self.response_headers)

    @property
    def response(self) -> Json:
        """The response's JSON. A stream is the list of its events' data."""
        if self.is_stream:
            return [frame.data for frame in self.events]
        return parsed(self.response_body)

    @property
    def events(self) -> list[SentFrame]:
        """The sent events of a stream, with their times."""
        return list(sent_frames(self.stream))

    @property
    def rules(self) -> list[str]:
        """The rules that replied."""
        return list(self._rules)

    def add_rule(self, rule: str) -> None:
        """Add a rule that replied, unless it did so before."""
        if rule not in self._rules:
            self._rules += (rule,)

    @property
    def rule(self) -> str | None:
        """The rules that replied, separated by commas; None if no rule did."""
        return ", ".join(self._rules) or None

    @property
    def sdk_version(self) -> str | None:
        """The version of the client's SDK, from its headers. SDKs before 1.0 have other headers."""
        given = self.header("x-stainless-package-version")
        return given or old_sdk_version(
            self.header("x-fern-sdk-version"), self.header("user-agent")
        )

    @property
    def sdk_language(self) -> str | None:
        """The language of the client's SDK, from its headers: `python`, `js`."""
        given = self.header("x-stainless-lang")
        if given is not None or self.sdk_version is None:
            return given
        language = (self.header("x-fern-language") or "Python").lower()
        return "python" if language == "python" else "js"

    @property
    def retry_count(self) -> int | None:
        """The number of the SDK's retry, from its headers; None if the request is not a retry."""
        text = self.header("x-stainless-retry-count") or ""
        return int(text) if text.isascii() and text.isdigit() else None

    def header(self, name: str) -> str | None:
        """Return a header of the request, by its lower-case name."""
        return next(_values(self.headers, name), None)

    def response_header(self, name: str) -> str | None:
        """Return a header of the response, by its lower-case name."""
        return next(_values(self.response_headers, name), None)

    def to_dict(self, *, whole: bool = False) -> "EntryDocument":
        """Return the entry as JSON values. Long bodies are cut unless `whole` is set."""
        from mockletta.journal.entry_json import document  # noqa: PLC0415 - that module imports this one

        return document(self, whole=whole)

    def __repr__(self) -> str:
        what = self.operation or f"{self.method} {self.path}"
        return f"<Entry #{self.number} {what} {self.status or 'unanswered'}>"


def _values(headers: "Headers", name: str) -> Iterator[str]:
    wanted = name.encode("latin-1")
    return (value.decode("latin-1") for key, value in headers if key.lower() == wanted)


OLD_AGENT = "letta-client/"
"""The beginning of the user agent of an SDK before 1.0."""


def old_sdk_version(header: str | None, user_agent: str | None) -> str | None:
    """Return the version of an SDK before 1.0, from its own header or its user agent."""
    if header or not (user_agent or "").startswith(OLD_AGENT):
        return header or None
    return (user_agent or "").removeprefix(OLD_AGENT) or None
