"""Converts recordings to HAR files (HTTP Archive 1.2), and HAR files to recordings.

Fields that HAR does not have begin with `_mockletta`, so that no part of a recording is lost.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from mockletta._version import __version__
from mockletta.documents.json_types import JsonObject
from mockletta.recordings.operation_facts import operation_of, secrets_of
from mockletta.recordings.recording import (
    COMPLETE,
    NO_ANSWER,
    BadRecording,
    Content,
    Exchange,
    Pairs,
    Piece,
    Recording,
    header,
)
from mockletta.recordings.recording_writer import Origin, RecordingWriter
from mockletta.recordings.scrubbing import Scrubber

OWN = "_mockletta"
HTTP = "HTTP/1.1"
IN_MS = 1000


def to_har(recording: Recording) -> str:
    """Return a recording as the text of a HAR file."""
    began = _time(recording.recorded)
    log = {
        "version": "1.2",
        "creator": {"name": "mockletta", "version": __version__},
        "entries": [_entry(one, recording.upstream, began) for one in recording.exchanges],
        OWN: {"sdk": recording.sdk, "recorded": recording.recorded, "upstream": recording.upstream},
    }
    return json.dumps({"log": log}, indent=1, ensure_ascii=False)


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _entry(exchange: Exchange, upstream: str, began: datetime) -> JsonObject:
    wait = exchange.pieces[0][0] if exchange.pieces else exchange.ended
    timings = {"send": 0, "wait": wait * IN_MS, "receive": (exchange.ended - wait) * IN_MS}
    return {
        "startedDateTime": (began + timedelta(seconds=exchange.at)).isoformat(),
        "time": exchange.ended * IN_MS,
        "request": _request(exchange, upstream),
        "response": _response(exchange),
        "cache": {},
        "timings": timings,
        OWN: {
            "at": exchange.at,
            "ended": exchange.ended,
            "ending": exchange.ending,
            "reason": exchange.reason,
            "encoding": exchange.encoding,
            "pieces": [[at, len(data)] for at, data in exchange.pieces],
            "sent": exchange.content.whole_size,
            "received": exchange.whole_size,
        },
    }


def _request(exchange: Exchange, upstream: str) -> JsonObject:
    query = parse_qsl(exchange.query, keep_blank_values=True)
    request: JsonObject = {
        "method": exchange.method,
        "url": f"{upstream}{exchange.target}",
        "httpVersion": HTTP,
        "cookies": [],
        "headers": _named(exchange.headers),
        "queryString": _named(query),
        "headersSize": -1,
        "bodySize": len(exchange.content.data),
    }
    if exchange.content.data:
        kind = header(exchange.headers, "content-type")
        request["postData"] = {"mimeType": kind, **_text(exchange.content.data)}
    return request


def _response(exchange: Exchange) -> JsonObject:
    kind = header(exchange.response_headers, "content-type")
    statuses = {one.value: one.phrase for one in HTTPStatus}
    return {
        "status": exchange.status,
        "statusText": statuses.get(exchange.status, ""),
        "httpVersion": HTTP,
        "cookies": [],
        "headers": _named(exchange.response_headers),
        "content": {"size": len(exchange.body), "mimeType": kind, **_text(exchange.body)},
        "redirectURL": header(exchange.response_headers, "location"),
        "headersSize": -1,
        "bodySize": len(exchange.body),
    }


def _named(pairs: Sequence[tuple[str, str]]) -> list[JsonObject]:
    return [{"name": name, "value": value} for name, value in pairs]


def _text(data: bytes) -> JsonObject:
    try:
        return {"text": data.decode()}
    except UnicodeError:
        return {"text": base64.b64encode(data).decode(), "encoding": "base64"}


def write_from_har(text: str, into: Path) -> tuple[int, int]:
    """Write the recording of a HAR file, without secrets.

    Return the number of its exchanges, and the number that were left out because they went to
    another server than the first one. Raises BadRecording for another file.
    """
    try:
        log = json.loads(text)["log"]
        own: JsonObject = log.get(OWN, {})
        entries: list[JsonObject] = log["entries"]
        first = entries[0]["request"]["url"] if entries else ""
        upstream = own.get("upstream") or _origin(first)
        began = _time(entries[0]["startedDateTime"]) if entries else _time("")
        exchanges = [
            _exchange(number, entry, upstream, began)
            for number, entry in enumerate(entries, 1)
            if entry["request"]["url"].startswith(f"{upstream}/")
        ]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadRecording(f"not a HAR file: {error!r}") from error
    origin = Origin(upstream, own.get("recorded") or began.isoformat(), own.get("sdk", ""))
    writer = RecordingWriter(into, origin, Scrubber(secrets_of=secrets_of))
    for exchange in exchanges:
        writer.add(exchange)
    writer.close()
    return len(exchanges), len(entries) - len(exchanges)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _exchange(number: int, entry: JsonObject, upstream: str, began: datetime) -> Exchange:
    request, response, own = entry["request"], entry["response"], entry.get(OWN, {})
    path, _, query = request["url"].removeprefix(upstream).partition("#")[0].partition("?")
    sent, received = _data(request.get("postData", {})), _data(response["content"])
    at = (_time(entry["startedDateTime"]) - began).total_seconds()
    ended = own.get("ended", float(entry.get("time") or 0) / IN_MS)
    status = response["status"]
    return Exchange(
        number,
        own.get("at", at),
        operation_of(request["method"], path),
        request["method"],
        path,
        query,
        _pairs(request["headers"]),
        Content(sent, own.get("sent", len(sent))),
        status,
        _pairs(response["headers"]),
        _pieces(received, own.get("pieces"), ended),
        own.get("received", len(received)),
        ended,
        own.get("ending", COMPLETE if status else NO_ANSWER),
        own.get("reason", ""),
        own.get("encoding", ""),
    )


def _pairs(named: Sequence[Mapping[str, str]]) -> Pairs:
    """Return headers without those of HTTP/2 and of compressed bodies, which HAR decompresses."""
    left_out = ("content-encoding", "content-length", "transfer-encoding")
    pairs = [(one["name"].lower(), one["value"]) for one in named]
    return [pair for pair in pairs if not pair[0].startswith(":") and pair[0] not in left_out]


def _data(content: Mapping[str, str]) -> bytes:
    text = content.get("text", "")
    return base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()


def _pieces(data: bytes, sizes: Sequence[Sequence[float]] | None, ended: float) -> list[Piece]:
    pieces: list[Piece] = []
    start = 0
    for at, size in sizes or ([[ended, len(data)]] if data else []):
        pieces.append((at, data[start : start + int(size)]))
        start += int(size)
    return pieces
