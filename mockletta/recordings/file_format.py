"""The lines of a recording: one JSON object each. Only this module reads and writes them.

A body is `json` if writing its JSON again gives the same bytes, else `text`, else `base64`. A body
that is equal to an earlier exchange's is a reference: `{"same": 3}`.
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mockletta.http.sse import data_frame, frame_data, frames_in
from mockletta.recordings.recording import Pairs

VERSION = 1
SHORT = 64 * 1024
"""The longest text that is parsed only once, for scrubbing and for writing. In characters."""
Line = dict[str, Any]
_COMPACT, _SPACED = (",", ":"), (", ", ": ")
STYLES: Mapping[str, tuple[tuple[str, str], bool]] = {
    "": (_COMPACT, False),
    "spaced": (_SPACED, False),
    "ascii": (_COMPACT, True),
    "spaced ascii": (_SPACED, True),
}
"""The styles of JSON: the separators, and whether it is ASCII only."""


def dumped(value: object, style: str = "") -> str:
    """Write JSON in a style."""
    separators, ascii_only = STYLES[style]
    return json.dumps(value, separators=separators, ensure_ascii=ascii_only)


def parsed_json(text: str) -> tuple[Any, str] | None:
    """Parse JSON. Return the value and its style, None if no style gives the same text.

    Equal texts share the value: do not change it.
    """
    if not text.startswith(("{", "[", '"')):
        return None
    return _parsed_short(text) if len(text) < SHORT else _parsed(text)


def _parsed(text: str) -> tuple[Any, str] | None:
    try:
        value = json.loads(text)
        style = next((style for style in STYLES if dumped(value, style) == text), None)
        if style is not None and "\\ud" in text.lower():
            dumped(value).encode()
    except (ValueError, RecursionError):  # a lone surrogate is a ValueError too
        return None
    return None if style is None else (value, style)


_parsed_short = lru_cache(8)(_parsed)


def body_line(text: str) -> Line:
    """Return the keys for a body that is a text."""
    found = parsed_json(text)
    if found is None:
        return {"text": text} if text else {}
    value, style = found
    return {"json": value, **({"style": style} if style else {})}


def binary_line(data: bytes) -> Line:
    """Return the keys for a body that is not a text."""
    return {"base64": base64.b64encode(data).decode()}


def chunk_lines(data: bytes) -> Iterator[Line]:
    """Return the keys for each frame of a part of a stream.

    `data` is the JSON of a frame that has nothing else, or a text that is not JSON.
    """
    for frame in frames_in(data):
        inside = frame_data(frame)
        try:
            yield _frame_line(frame.decode(), None if inside is None else inside.decode())
        except UnicodeError:
            yield binary_line(frame)


def _frame_line(frame: str, data: str | None) -> Line:
    found = parsed_json(data) if data else None
    if found is not None and not found[1] and not isinstance(found[0], str):
        return {"data": found[0]}
    return {"text": frame} if data is None else {"data": data}


def text_of(line: Line) -> str | None:
    """Return the text of a body or chunk line, None if it is binary."""
    if "json" in line:
        return dumped(line["json"], line.get("style", ""))
    if "data" in line:
        data = line["data"]
        text = data if isinstance(data, str) else dumped(data)
        return data_frame(text.encode()).decode()
    return None if "base64" in line else str(line.get("text", ""))


def bytes_of(line: Line) -> bytes:
    """Return the bytes of a binary line."""
    return base64.b64decode(line["base64"])


def headers_line(headers: Pairs) -> dict[str, str | list[str]]:
    """Return headers as an object; the values of a repeated one are a list."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def headers_of(line: Mapping[str, str | Sequence[str]]) -> Pairs:
    """Read an object of headers."""
    return [
        (name, value)
        for name, values in line.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
