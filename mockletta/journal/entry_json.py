"""Entries as JSON values. Long bodies are cut and marked as cut."""

import json
from collections.abc import Iterable
from typing import TypeAlias

from mockletta.http.rendering import Headers
from mockletta.journal.entries import Entry
from mockletta.journal.stream_frames import SentFrame, parsed

Document: TypeAlias = dict[str, object]
MOST_BYTES = 4_000
MOST_EVENTS = 50


def document(entry: Entry, *, whole: bool = False) -> Document:
    """Return an entry as JSON values. Times are in seconds, `at` is ISO 8601; `cut` names the cut
    fields.

    `response` is None if there are `events`. Both are empty until something is sent.
    """
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
        "rules": list(entry.rules),
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
    """Tell whether a value is standard JSON, without Python's NaN and lone surrogates."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return True


def _events(frames: list[SentFrame], most: int | None, cut: list[str]) -> list[Document]:
    if most is None or len(frames) <= MOST_EVENTS:
        kept: Iterable[SentFrame] = frames
    else:
        cut.append("events")
        kept = [*frames[: MOST_EVENTS // 2], *frames[-MOST_EVENTS // 2 :]]
    return [_event(frame, most, cut) for frame in kept]


def _event(frame: SentFrame, most: int | None, cut: list[str]) -> Document:
    data = frame.data
    text = json.dumps(data) if _is_sendable(data) else repr(data)
    if most is not None and len(text) > most:
        cut.extend([] if "events" in cut else ["events"])
        data = f"{text[:most]}… ({len(text)} characters)"
    elif not _is_sendable(data):
        data = text
    return {"at": frame.at, "event": frame.event, "data": data, "whole": frame.whole}
