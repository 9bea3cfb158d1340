"""Parses request bodies as JSON, with the recorded answers to other bodies.

A body is JSON if its content type is missing, `application/json` or `application/*+json`. Any other
body stays bytes, which no model accepts [41 text/plain].
"""

import json
import re
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType

from pydantic_core import from_json

from mockletta.documents.json_types import Json
from mockletta.errors import BadRequest, Invalid
from mockletta.http.path_patterns import ErrorDetail

NOT_PARSED = "There was an error parsing the body"
DEEPEST = 200
"""The most levels of nesting. Deeper values could be stored, but not rendered."""
MOST_VALUES = 100_000
"""The most values in a body: texts, numbers, lists, objects. Parsing more would block other
requests."""
LONGEST_NUMBER = 4_300
"""The most digits of a number. Python renders no longer numbers."""
_SUSPECT = re.compile(rb"\\u|\0|\xed")
"""Places where a NUL or half a surrogate pair is possible: an escape, a raw byte."""
_STEPS = MappingProxyType({ord(char): 1 if char in "[{" else -1 for char in "[{]}"})
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in _STEPS)
MISSING_BODY: ErrorDetail = {
    "type": "missing",
    "loc": ("body",),
    "msg": "Field required",
    "input": None,
}


def parse_body(raw: bytes, content_type: str | None) -> Json:
    """Return the body's JSON value, its bytes if it is not JSON, None if it is empty.

    NUL characters are removed, as the server does [41 NUL character].
    """
    if not raw:
        return None
    if not is_json(content_type):
        return raw
    if has_too_many_values(raw):
        raise BadRequest(f"The body has more than {MOST_VALUES} values")
    try:
        value = _read(raw)
    except json.JSONDecodeError as error:
        raise Invalid([_not_json(error)]) from error
    except (ValueError, RecursionError) as error:
        raise BadRequest(NOT_PARSED) from error
    if len(raw) > DEEPEST and _depth(raw) > DEEPEST:
        raise BadRequest(NOT_PARSED)
    return _sound(value) if _SUSPECT.search(raw) else value


def _read(raw: bytes) -> Json:
    """Parse JSON with the fast parser, or with the one whose errors have the server's wording."""
    if len(raw) < LONGEST_NUMBER:
        try:
            return from_json(raw)
        except ValueError:
            pass  # parsed again for the error text of the server
    return json.loads(raw)


def has_too_many_values(raw: bytes) -> bool:
    """Return whether a JSON text has more than MOST_VALUES values. Takes linear time for any
    bytes."""
    if len(raw) <= MOST_VALUES or _count_marks(raw) <= MOST_VALUES:
        return False
    plain = _without_escapes(raw)
    most_quotes = 4 * MOST_VALUES  # of a name and of a text for each value
    return plain.count(b'"') > most_quotes or _count_marks(_without_texts(plain)) > MOST_VALUES


def _count_marks(raw: bytes) -> int:
    return sum(map(raw.count, (b",", b"[", b"{")))


def _without_escapes(raw: bytes) -> bytes:
    return raw.replace(rb"\\", b"").replace(rb"\"", b"")


def _without_texts(plain: bytes) -> bytes:
    """Remove what is between quotes, of which none is escaped."""
    return b"".join(plain.split(b'"')[::2])


@lru_cache(64)
def is_json(content_type: str | None) -> bool:
    """Return whether a body of this content type is parsed as JSON."""
    if content_type is None:
        return True
    kind = content_type.split(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


def _not_json(error: json.JSONDecodeError) -> ErrorDetail:
    return {
        "type": "json_invalid",
        "loc": ("body", error.pos),
        "msg": "JSON decode error",
        "input": {},
        "ctx": {"error": error.msg},
    }


def _depth(raw: bytes) -> int:
    """Count the levels of nested lists and objects in JSON; at most the opening brackets."""
    opening = raw.count(b"{") + raw.count(b"[")
    if opening <= DEEPEST:
        return opening
    brackets = _without_texts(_without_escapes(raw)).translate(None, _NO_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)


def _sound(value: Json) -> Json:
    if isinstance(value, str):
        return _sound_text(value)
    if isinstance(value, list):
        return [_sound(item) for item in value]
    if isinstance(value, dict):
        return {_sound_text(key): _sound(item) for key, item in value.items()}
    return value


def _sound_text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRequest(NOT_PARSED) from error
    return text.replace("\0", "")
