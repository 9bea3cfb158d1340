"""Entries as JSON values. Long bodies are cut and marked as cut."""

import json
from collections.abc import Iterable
from typing import Any, TypedDict

from mockletta.http.rendering import Headers
from mockletta.journal.entries import Entry
from mockletta.journal.stream_frames import SentFrame, parsed

MOST_BYTES = 4_000
MOST_EVENTS = 50


class EventDocument(TypedDict):
    """An event of a stream; `at` is in seconds since the request arrived."""

    at: float
    event: str | None
    data: Any
    whole: bool


class EntryDocument(TypedDict):
    """An entry as JSON values. Times are in seconds, `at` is ISO 8601; `cut` names the cut fields.

    `response` is null if there are `events`. Both are empty until something is sent.
    """

    number: int
    at: str
    operation: str | None
    method: str
    path: str
    params: dict[str, str]
    query: dict[str, str | list[str]]
    key: str | None
    sdk_version: str | None
    retry_count: int | None
    headers: dict[str, str]
    body: Any
    rules: list[str]
    unscripted: str | None
    fault: str | None
    quirks: list[str]
    status: int | None
    response_headers: dict[str, str]
    response: Any
    events: list[EventDocument]
    left_early: bool
    duration: float | None
    cut: list[str]


def document(entry: Entry, *, whole: bool = False) -> EntryDocument:
    """Return an entry as JSON values. Long bodies are cut unless `whole` is set."""
    cut: list[str] = []
    most = None if whole else MOST_BYTES
    events = entry.events
    return {
        "number": entry.number,
        "at": entry.at.isoformat(timespec="milliseconds"),
        "operation": entry.operation,
        "method": entry.method,
        "path": entry.path,
        "params": dict(entry.params),
        "query": entry.query,
        "key": entry.key,
        "sdk_version": entry.sdk_version,
        "retry_count": entry.retry_count,
        "headers": _headers(entry.headers),
        "body": _body(entry, most, cut),
        "rules": entry.rules,
        "unscripted": entry.unscripted,
        "fault": entry.fault,
        "quirks": [dependence.quirk for dependence in entry.quirks],
        "status": entry.status,
        "response_headers": _headers(entry.response_headers),
        "response": None if events else _value(entry.response_body, "response", most, cut),
        "events": _events(events, most, cut),
        "left_early": entry.left_early,
        "duration": entry.duration,
        "cut": cut,
    }


def _headers(headers: Headers) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}


def _body(entry: Entry, most: int | None, cut: list[str]) -> object:
    is_long = most is not None and len(entry.raw_request) > most
    if entry.read_form is None or is_long:
        return _value(entry.request_bytes, "body", most, cut)
    return entry.body


def _value(raw: bytes, name: str, most: int | None, cut: list[str]) -> object:
    if most is not None and len(raw) > most:
        cut.append(name)
        return f"{raw[:most].decode(errors='replace')}… ({len(raw)} bytes)"
    value = parsed(raw)
    return value if _is_sendable(value) else raw.decode(errors="replace")


def _is_sendable(value: object) -> bool:
    """Return whether a value is standard JSON, without Python's NaN and lone surrogates."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return True


def _events(frames: list[SentFrame], most: int | None, cut: list[str]) -> list[EventDocument]:
    if most is None or len(frames) <= MOST_EVENTS:
        kept: Iterable[SentFrame] = frames
    else:
        cut.append("events")
        kept = [*frames[: MOST_EVENTS // 2], *frames[-MOST_EVENTS // 2 :]]
    return [_event(frame, most, cut) for frame in kept]


def _event(frame: SentFrame, most: int | None, cut: list[str]) -> EventDocument:
    data = frame.data
    text = json.dumps(data) if _is_sendable(data) else repr(data)
    if most is not None and len(text) > most:
        cut.extend([] if "events" in cut else ["events"])
        data = f"{text[:most]}… ({len(text)} characters)"
    elif not _is_sendable(data):
        data = text
    return {"at": frame.at, "event": frame.event, "data": data, "whole": frame.whole}
