"""Writes a recording: every exchange as soon as it has ended."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from mockletta._version import __version__
from mockletta.recordings.file_format import (
    VERSION,
    Line,
    binary_line,
    body_line,
    chunk_lines,
    headers_line,
)
from mockletta.recordings.id_names import IdNames
from mockletta.recordings.recording import COMPLETE, Content, Exchange, Pairs, header
from mockletta.recordings.scrubbing import Scrubber

LEAST_REPEATED = 200
"""The size in bytes from which equal bodies are written only once."""
MOST_BYTES = 256 * 1024 * 1024
"""The default limit of a file. Beyond it bodies are left out."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and when a recording is made, for its first line."""

    upstream: str
    recorded: str
    sdk: str = ""


class RecordingWriter:
    """A file to which exchanges are appended.

    Exchanges are scrubbed before they are written. When it is closed, the file is searched for
    secrets that became known later.
    """

    def __init__(
        self, path: Path, origin: Origin, scrubber: Scrubber, most_bytes: int = MOST_BYTES
    ) -> None:
        self._path = path
        self._origin = origin
        self._scrubber = scrubber
        self._most_bytes = most_bytes
        self._names = IdNames()
        self._seen: dict[bytes, int] = {}
        self._seen_headers: dict[str, int] = {}
        self._size = 0
        self.count = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: TextIO | None = path.open("w", encoding="utf-8", newline="\n")
        self._has_head = False

    def add(self, exchange: Exchange) -> None:
        """Write an exchange."""
        if self._file is None:
            return
        if not self._has_head:
            self._write_head(exchange)
        if self._size > self._most_bytes:
            exchange = _without_bodies(exchange)
        self.count += 1
        lines = self._lines(self._scrubber.exchange(exchange))
        texts = [self._names.shorten(_dump(line)) for line in lines]
        new = self._names.take_new()
        self._write([_dump({"ids": new}), *texts] if new else texts)

    def close(self) -> None:
        """Complete the file. Nothing is written after that."""
        file, self._file = self._file, None
        if file is None:
            return
        if not self._has_head:
            file.write(f"{_dump(self._head(self._origin.sdk))}\n")
        file.close()
        if any(text != line for text, line in self._scanned()):
            part = self._path.with_name(f"{self._path.name}.part")
            with part.open("w", encoding="utf-8", newline="\n") as clean:
                clean.writelines(text for text, _ in self._scanned())
            part.replace(self._path)

    def _scanned(self) -> Iterator[tuple[str, str]]:
        """Read the file. Return each line without secrets, and in its present form."""
        with self._path.open(encoding="utf-8") as file:
            head = file.readline()
            yield head, head
            for line in file:
                yield self._without_leftovers(line), line

    def _without_leftovers(self, text: str) -> str:
        if not self._scrubber.may_have_leftovers(text):
            return text
        line = json.loads(text)
        clean = self._scrubber.leftovers(line)
        return text if clean == line else f"{_dump(clean)}\n"

    def _write(self, texts: Sequence[str]) -> None:
        assert self._file is not None
        text = "".join(f"{one}\n" for one in texts)
        self._size += len(text)
        self._file.write(text)
        self._file.flush()

    def _write_head(self, first: Exchange) -> None:
        self._has_head = True
        self._write([_dump(self._head(self._origin.sdk or _sdk_of(first.headers)))])

    def _head(self, sdk: str) -> Line:
        origin = self._origin
        return {
            "mockletta": "recording",
            "version": VERSION,
            "recorded": origin.recorded,
            "upstream": origin.upstream,
            "sdk": sdk,
            "made_by": f"mockletta {__version__}",
        }

    def _lines(self, exchange: Exchange) -> list[Line]:
        number = exchange.number
        request: Line = {
            "request": number,
            "at": _rounded(exchange.at),
            **({"operation": exchange.operation} if exchange.operation else {}),
            "method": exchange.method,
            "path": exchange.path,
            **({"query": exchange.query} if exchange.query else {}),
            "headers": self._headers(number, "request", exchange.headers),
            **self._content(number, exchange.content),
        }
        if not exchange.status:
            return [request, _end_line(exchange)]
        response = {
            "response": number,
            "at": _rounded(exchange.pieces[0][0] if exchange.pieces else exchange.ended),
            "status": exchange.status,
            "headers": self._headers(number, "response", exchange.response_headers),
            **({"encoding": exchange.encoding} if exchange.encoding else {}),
        }
        return [request, *self._response_lines(exchange, response)]

    def _response_lines(self, exchange: Exchange, response: Line) -> list[Line]:
        ending = [] if _ends_plainly(exchange) else [_end_line(exchange)]
        if exchange.is_stream:
            return [response, *_chunk_lines(exchange), _end_line(exchange)]
        content = Content(exchange.body, exchange.whole_size)
        response |= self._content(-exchange.number, content)
        if len(exchange.pieces) > 1:
            response["pieces"] = [[_rounded(at), len(data)] for at, data in exchange.pieces]
        return [response, *ending]

    def _headers(self, number: int, side: str, headers: Pairs) -> object:
        """Return the headers, or the number of the first exchange with the same ones."""
        line = headers_line(headers)
        first = self._seen_headers.setdefault(f"{side} {_dump(line)}", number)
        return line if first == number else first

    def _content(self, place: int, content: Content) -> Line:
        """Return the keys of a body. A place is an exchange's number, negative for a response."""
        cut = {"whole_size": content.whole_size} if content.is_cut else {}
        if len(content.data) >= LEAST_REPEATED and not cut:
            first = self._seen.setdefault(hashlib.sha256(content.data).digest(), place)
            if first != place:
                return {"same": f"{'response' if first < 0 else 'request'} {abs(first)}"}
        return {**_body(content.data), **cut}


def _body(data: bytes) -> Line:
    try:
        return body_line(data.decode())
    except UnicodeError:
        return binary_line(data)


def _chunk_lines(exchange: Exchange) -> Iterator[Line]:
    """Return a line for each frame. Frames that arrived with the frame before have no time."""
    for at, data in exchange.pieces:
        time: Line = {"at": _rounded(at)}
        for line in chunk_lines(data):
            yield {"chunk": exchange.number, **time, **line}
            time = {}


def _end_line(exchange: Exchange) -> Line:
    return {
        "end": exchange.number,
        "at": _rounded(exchange.ended),
        **({} if exchange.ending == COMPLETE else {"ending": exchange.ending}),
        **({"reason": exchange.reason} if exchange.reason else {}),
        **({"whole_size": exchange.whole_size} if exchange.is_stream and exchange.is_cut else {}),
    }


def _ends_plainly(exchange: Exchange) -> bool:
    return exchange.ending == COMPLETE and not exchange.reason


def _without_bodies(exchange: Exchange) -> Exchange:
    whole = max(exchange.whole_size, len(exchange.body))
    sent = max(exchange.content.whole_size, len(exchange.content.data))
    return replace(exchange, content=Content(b"", sent), pieces=(), whole_size=whole)


def _sdk_of(headers: Pairs) -> str:
    version = header(headers, "x-stainless-package-version")
    return f"{version} ({header(headers, 'x-stainless-lang')})" if version else ""


def _rounded(seconds: float) -> float:
    return round(seconds, 4)


def _dump(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False)
