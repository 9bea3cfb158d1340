"""A recording as drift plays it: its exchanges in the order in which their requests started."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from mockletta.documents.json_types import Json
from mockletta.http.sse import data_frame, event_in, frames_in, named_event
from mockletta.recordings.operation_facts import operation_of
from mockletta.recordings.recording import (
    CLIENT_LEFT,
    COMPLETE,
    Content,
    Exchange,
    Pairs,
    Piece,
    Recording,
    header,
)

_INVALID_UTF8 = b"\xff"
BOUNDARY = "mockletta-form"
NOT_SENT = frozenset({"authorization", "content-length", "cookie", "host", "x-api-key"})
"""Headers of a recorded request that are not sent again, since they belong to its client."""


@dataclass(frozen=True, slots=True)
class ScenarioRequest:
    """What the client sent.

    `content` is JSON, text or bytes are sent unchanged, None is no body. `files` and `form` make a
    multipart body: {field: {filename, content, content_type}}.
    """

    method: str
    path: str
    query: Mapping[str, Json]
    headers: Mapping[str, str]
    content: Json = None
    files: Mapping[str, Json] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> list[Json]:
        """Return everything in it that can contain ids."""
        content = (
            self.content.decode("latin-1") if isinstance(self.content, bytes) else self.content
        )
        return [
            self.path,
            dict(self.query),
            dict(self.headers),
            content,
            dict(self.files),
            dict(self.form),
        ]


@dataclass(frozen=True, slots=True)
class EventFrame:
    """One server-sent event: JSON data, or the raw "[DONE]". `seconds` after its request."""

    data: Json
    event: str | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ScenarioAnswer:
    """The recorded answer: exactly one of `body`, `text` and `frames`, or nothing."""

    status: int
    headers: Mapping[str, str]
    body: Json = None
    text: str | None = None
    frames: tuple[EventFrame, ...] | None = None
    client_closed_early: bool = False

    def values(self) -> list[Json]:
        """Return everything in it that can contain ids."""
        frames = [frame.data for frame in self.frames or ()]
        return [dict(self.headers), self.body, self.text, frames]


@dataclass(frozen=True, slots=True)
class ScenarioExchange:
    """One request and its recorded answer; `recorded` is None if there is none.

    `started` and `ended` are seconds since the first request, None if they were not recorded.
    `callbacks` are the requests that a listener had received about the run.
    """

    index: int
    name: str
    request: ScenarioRequest
    recorded: ScenarioAnswer | None
    started: float | None = None
    ended: float | None = None
    callbacks: tuple[Json, ...] | None = None


@dataclass(frozen=True)
class Scenario:
    """One recorded session. `started` is the time of its first object, "" if unknown."""

    name: str
    exchanges: Sequence[ScenarioExchange]
    started: str = ""


def scenario_of(recording: Recording, name: str) -> Scenario:
    """Return a recording as a scenario."""
    exchanges = [_exchange(index, one) for index, one in enumerate(recording.exchanges)]
    return Scenario(name, exchanges, started_at(exchanges))


def started_at(exchanges: Sequence[ScenarioExchange]) -> str:
    """Return the time of the first object in an answer, "" if there is none."""
    bodies = (one.recorded.body for one in exchanges if one.recorded is not None)
    objects = (body for body in bodies if isinstance(body, dict) and "created_at" in body)
    return str(next(objects, {}).get("created_at", ""))


def _exchange(index: int, exchange: Exchange) -> ScenarioExchange:
    return ScenarioExchange(
        index,
        exchange.operation or f"{exchange.method} {exchange.path}",
        ScenarioRequest(
            exchange.method,
            exchange.path,
            _query(exchange.query),
            {name: value for name, value in exchange.headers if name not in NOT_SENT},
            _content(exchange),
        ),
        _answer(exchange),
        exchange.at,
        exchange.at + exchange.ended,
    )


def _query(query: str) -> dict[str, Json]:
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _content(exchange: Exchange) -> Json:
    data = exchange.content.data
    if not data:
        return None
    try:
        text = data.decode()
    except UnicodeError:
        return data
    if "json" not in header(exchange.headers, "content-type"):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _answer(exchange: Exchange) -> ScenarioAnswer | None:
    if not exchange.status or exchange.is_cut or exchange.ending not in (COMPLETE, CLIENT_LEFT):
        return None
    headers = _joined(exchange.response_headers)
    is_left = exchange.ending == CLIENT_LEFT
    if exchange.is_stream:
        return ScenarioAnswer(
            exchange.status, headers, frames=tuple(_frames(exchange)), client_closed_early=is_left
        )
    if is_left:
        return None
    text = exchange.body.decode(errors="replace")
    try:
        return ScenarioAnswer(exchange.status, headers, body=json.loads(text) if text else None)
    except (ValueError, RecursionError):
        return ScenarioAnswer(exchange.status, headers, text=text)


def _joined(headers: Pairs) -> dict[str, str]:
    return {name: header(headers, name) for name, _ in headers}


def _frames(exchange: Exchange) -> list[EventFrame]:
    """Return the complete frames of a stream, each with the time of its last bytes."""
    found: list[EventFrame] = []
    rest = b""
    for at, data in exchange.pieces:
        frames = frames_in(rest + data)
        rest = frames.pop() if frames and not is_whole(frames[-1]) else b""
        found += [_frame(frame, at) for frame in frames]
    return found


def is_whole(frame: bytes) -> bool:
    """Return whether a frame is complete."""
    return len(frames_in(frame + b"x")) > 1


def _frame(frame: bytes, at: float) -> EventFrame:
    try:
        name, data = event_in(frame)
    except ValueError:  # a comment, or a frame with an id
        return EventFrame(frame.decode(errors="replace"), None, at)
    return EventFrame(parsed_data(data), name, at)


def parsed_data(data: bytes) -> Json:
    """Return the JSON of an event's data, or its text if it is not JSON."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return data.decode(errors="replace")


def content_of(content: Json) -> bytes | None:
    """Return the bytes of a request's body, None if it has none."""
    if content is None or isinstance(content, bytes):
        return content
    if isinstance(content, str):
        return content.encode().replace("\ufffd".encode(), _INVALID_UTF8)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def recording_of(scenario: Scenario) -> Recording:
    """Return a scenario as a recording."""
    return Recording([_as_exchange(one) for one in scenario.exchanges])


def _as_exchange(exchange: ScenarioExchange) -> Exchange:
    request, recorded = exchange.request, exchange.recorded
    sent, headers = _sent(request)
    made = Exchange(
        exchange.index + 1,
        exchange.started or 0.0,
        operation_of(request.method, request.path) or exchange.name,
        request.method,
        request.path,
        urlencode(dict(request.query), doseq=True),
        headers,
        Content(sent, len(sent)),
        ended=(exchange.ended or 0.0) - (exchange.started or 0.0),
    )
    if recorded is None:
        return made
    pieces = _pieces(recorded)
    return replace(
        made,
        status=recorded.status,
        response_headers=list(recorded.headers.items()),
        pieces=pieces,
        whole_size=sum(len(data) for _, data in pieces),
        ending=CLIENT_LEFT if recorded.client_closed_early else COMPLETE,
    )


def _sent(request: ScenarioRequest) -> tuple[bytes, Pairs]:
    """Return the body of a request, and its headers."""
    headers = dict(request.headers)
    if not request.files and not request.form:
        return content_of(request.content) or b"", list(headers.items())
    headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
    fields = [(f'name="{name}"', value) for name, value in request.form.items()]
    for name, file in request.files.items():
        head = f'name="{name}"; filename="{file["filename"]}"'
        fields.append((f"{head}\r\nContent-Type: {file['content_type']}", file["content"]))
    parts = [
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n"
        for head, value in fields
    ]
    return f"{''.join(parts)}--{BOUNDARY}--\r\n".encode(), list(headers.items())


def _pieces(recorded: ScenarioAnswer) -> list[Piece]:
    if recorded.frames is not None:
        return [(frame.seconds or 0.0, frame_of(frame)) for frame in recorded.frames]
    if recorded.text is not None:
        return [(0.0, recorded.text.encode())]
    return [] if recorded.body is None else [(0.0, json.dumps(recorded.body).encode())]


def frame_of(frame: EventFrame) -> bytes:
    """Write an event."""
    data = frame.data if isinstance(frame.data, str) else json.dumps(frame.data)
    if frame.event is not None:
        return named_event(frame.event, data.encode())
    return data_frame(data.encode())
