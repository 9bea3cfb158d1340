"""Reads recordings. An incomplete last line, as after a crash, is left out."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mockletta.errors import BadSettings
from mockletta.recordings.file_format import (
    VERSION,
    Line,
    bytes_of,
    headers_of,
    text_of,
)
from mockletta.recordings.id_names import restore
from mockletta.recordings.recording import (
    COMPLETE,
    UNFINISHED,
    BadRecording,
    Content,
    Exchange,
    Pairs,
    Piece,
    Recording,
)

logger = logging.getLogger("mockletta.recordings")
SECONDS_OF_A_DAY = 86_400
TRANSCRIPT = ".json"
"""The file name extension of transcripts. Recordings have any other one, usually .jsonl."""


def load_recording(
    path: Path, max_age: float | None = None, warn: Callable[[str], object] = logger.warning
) -> Recording:
    """Read a recording. Warns if it is older than `max_age` days. Raises BadSettings."""
    try:
        recording = read_recording(path)
    except OSError as error:
        raise BadSettings(f"{path}: {error.strerror}") from error
    warning = age_warning(str(path), recording, max_age)
    if warning:
        warn(warning)
    return recording


def age_warning(
    name: str, recording: Recording, max_age: float | None, now: datetime | None = None
) -> str:
    """Return a warning if a recording is older than `max_age` days, "" if it is not."""
    if max_age is None or not recording.recorded:
        return ""
    try:
        recorded = datetime.fromisoformat(recording.recorded)
    except ValueError as error:
        raise BadRecording(f"{name}: the head has no time: {error}") from error
    days = ((now or datetime.now(UTC)) - recorded).total_seconds() / SECONDS_OF_A_DAY
    if days <= max_age:
        return ""
    ago = f"{days:.0f} days ago, which is more than {max_age:g}"
    return f"{name} was recorded {ago}: record it again"


def read_recording(path: Path) -> Recording:
    """Read a recording, or a transcript. Raises BadRecording with the line, or OSError."""
    if path.suffix == TRANSCRIPT:
        return _read_transcript(path)
    reader = _Reader()
    lines = path.read_bytes().split(b"\n")
    whole, last = lines[:-1], lines[-1]
    for number, line in enumerate([*whole, *([last] if last else [])], 1):
        try:
            reader.take(line.decode())
        except (KeyError, TypeError, ValueError) as error:
            if last and number == len(lines):
                break
            raise BadRecording(f"{path}:{number}: {_reason(error)}") from error
    return reader.recording(str(path))


def _read_transcript(path: Path) -> Recording:
    from mockletta.recordings.drift.scenario import recording_of  # noqa: PLC0415 - transcripts are rare
    from mockletta.recordings.drift.transcripts import parse_transcript  # noqa: PLC0415

    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return recording_of(parse_transcript(path.stem, raw))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadRecording(f"{path}: not a transcript: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)


class _Reader:
    def __init__(self) -> None:
        self._head: Line = {}
        self._ids: dict[str, str] = {}
        self._exchanges: dict[int, Exchange] = {}
        self._pieces: dict[int, list[Piece]] = {}
        self._headers: dict[tuple[str, int], Pairs] = {}

    def take(self, text: str) -> None:
        """Read a line."""
        if not self._head:
            self._take_head(json.loads(text))
            return
        line = json.loads(text if text.startswith('{"ids"') else restore(text, self._ids))
        kind = next(iter(line), "")
        if kind == "ids":
            self._ids.update(line["ids"])
        elif kind in ("request", "response", "chunk", "end"):
            getattr(self, f"_take_{kind}")(line[kind], line)
        else:
            raise BadRecording(f"unknown kind of line `{kind}`")

    def recording(self, name: str) -> Recording:
        """Return the recording that was read."""
        if not self._head:
            raise BadRecording(f"{name}: an empty file is no recording")
        exchanges = sorted(self._exchanges.values(), key=lambda one: one.number)
        head = self._head
        return Recording(
            [self._finished(exchange) for exchange in exchanges],
            head.get("upstream", ""),
            head.get("recorded", ""),
            head.get("sdk", ""),
            head.get("made_by", ""),
            self._ids,
        )

    def _finished(self, exchange: Exchange) -> Exchange:
        pieces = self._pieces.get(exchange.number, ())
        size = sum(len(data) for _, data in pieces)
        return replace(exchange, pieces=pieces, whole_size=max(exchange.whole_size, size))

    def _take_head(self, head: Line) -> None:
        if not isinstance(head, dict) or head.get("mockletta") != "recording":
            raise BadRecording("the first line must be the head of a recording")
        if head["version"] != VERSION:
            raise BadRecording(f"version {head['version']} is not known, only {VERSION}")
        self._head = head

    def _take_request(self, number: int, line: Line) -> None:
        self._exchanges[number] = Exchange(
            number,
            line["at"],
            line.get("operation", ""),
            line["method"],
            line["path"],
            line.get("query", ""),
            self._read_headers("request", number, line["headers"]),
            self._content(line),
            ending=UNFINISHED,
        )

    def _take_response(self, number: int, line: Line) -> None:
        content = self._content(line)
        at = line["at"]
        self._pieces[number] = _pieces(content.data, line.get("pieces"), at)
        ended = self._pieces[number][-1][0] if self._pieces[number] else at
        self._change(
            number,
            status=line["status"],
            response_headers=self._read_headers("response", number, line["headers"]),
            whole_size=content.whole_size,
            encoding=line.get("encoding", ""),
            ended=ended,
            ending=COMPLETE,
        )
        if self._exchanges[number].is_stream:
            self._change(number, ending=UNFINISHED)

    def _take_chunk(self, number: int, line: Line) -> None:
        text = text_of(line)
        data = bytes_of(line) if text is None else text.encode()
        pieces = self._pieces[number]
        at, before = (line["at"], b"") if "at" in line else pieces.pop()
        pieces.append((at, before + data))
        self._change(number, ended=at)

    def _take_end(self, number: int, line: Line) -> None:
        self._change(
            number,
            ended=line["at"],
            ending=line.get("ending", COMPLETE),
            reason=line.get("reason", ""),
            whole_size=max(line.get("whole_size", 0), self._exchanges[number].whole_size),
        )

    def _change(self, number: int, **changes: Any) -> None:  # noqa: ANN401
        self._exchanges[number] = replace(self._exchanges[number], **changes)

    def _content(self, line: Line) -> Content:
        data = self._data(line)
        return Content(data, line.get("whole_size", len(data)))

    def _data(self, line: Line) -> bytes:
        if "same" in line:
            side, _, number = line["same"].partition(" ")
            first = self._exchanges[int(number)]
            if side == "request":
                return first.content.data
            return b"".join(data for _, data in self._pieces[first.number])
        text = text_of(line)
        return bytes_of(line) if text is None else text.encode()

    def _read_headers(self, side: str, number: int, line: Mapping[str, Any] | int) -> Pairs:
        own = self._headers[side, line] if isinstance(line, int) else headers_of(line)
        self._headers[side, number] = own
        return own


def _pieces(data: bytes, sizes: Sequence[tuple[float, int]] | None, at: float) -> list[Piece]:
    return list(_split(data, sizes)) if sizes else ([(at, data)] if data else [])


def _split(data: bytes, sizes: Sequence[tuple[float, int]]) -> Iterator[Piece]:
    start = 0
    for at, size in sizes:
        yield at, data[start : start + size]
        start += size
