"""Entries made by hand, as a server would have written them."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from mockletta.http.sse import Chunk, chunk_of
from mockletta.journal.entries import Entry, RecordedHeaders
from mockletta.journal.journal import Journal
from mockletta.journal.stream_frames import SentPart
from mockletta.state.event_log import Event

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
JSON_HEADERS = [(b"content-type", b"application/json")]
STREAM_HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8")]
OPERATION = "agents.create"


def an_entry(
    operation: str | None = OPERATION,
    *,
    method: str = "POST",
    path: str = "/v1/agents/",
    query: str = "",
    params: dict[str, str] | None = None,
    body: object = None,
    key: str | None = None,
    headers: dict[str, str] | None = None,
    status: int | None = 200,
    answer: object = None,
    answer_headers: dict[str, str] | None = None,
    frames: Iterable[Event | Chunk] = (),
    fault: str | None = None,
    left_early: bool = False,
    seconds: float = 0.0,
    duration: float | None = 0.01,
) -> Entry:
    """A request that came `seconds` after the start and was answered; a stream if it has frames."""
    pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    kept, at = RecordedHeaders.of(pairs), START + timedelta(seconds=seconds)
    entry = Entry(method, path, query.encode(), kept, None, at)
    entry.started = 1_000.0 + seconds
    entry.operation = operation
    entry.params = params or {}
    entry.raw_request = b"" if body is None else json.dumps(body).encode()
    if key is not None:
        entry.key, entry.key_mark = f"{key[:4]}…", hash(key)
    entry.status = status
    chunks = [one if isinstance(one, Chunk) else chunk_of(one) for one in frames]
    entry.stream = [
        SentPart((0.001 * number,), chunk.events, chunk.begun)
        for number, chunk in enumerate(chunks, 1)
    ]
    entry.response_headers = list(STREAM_HEADERS if entry.stream else JSON_HEADERS)
    more = (answer_headers or {}).items()
    entry.response_headers += [(name.encode(), value.encode()) for name, value in more]
    entry.raw_response = b"" if answer is None else json.dumps(answer).encode()
    entry.fault = fault
    entry.left_early = left_early
    entry.duration = duration
    return entry


def journal_of(*entries: Entry) -> Journal:
    journal = Journal()
    for entry in entries:
        journal.add(entry)
    return journal


def frame(**message: object) -> Event:
    """An event of a stream."""
    return Event(str(message.get("message_type", "raw")), json.dumps(message).encode())
