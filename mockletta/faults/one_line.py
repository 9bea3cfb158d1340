"""A fault in one line, as in a header or as a short form in Python.

`status=429 retry_after=2`, `reset={"after_frames": 2}`, `rate_limit`, `no_done`: words separated by
white space or commas, each a key with a value. A value is JSON or a bare word; a key alone is true.
A line can also be one JSON object.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from mockletta.brain.provider_failures import FAILURES

_KEY = re.compile(r"[\s,]*([A-Za-z_]\w*)(=?)")
_WORD = re.compile(r"[^\s,]*")
_END = re.compile(r"[\s,]*$")
_DECODER = json.JSONDecoder()


def parse_line(line: str) -> dict[str, Any]:
    """The mapping that a line spells. Raises ValueError if it spells none.

    >>> parse_line("status=429 retry_after=2")
    {'status': 429, 'retry_after': 2}
    >>> parse_line("rate_limit")
    {'fail': 'rate_limit'}
    """
    text = line.strip()
    if text in FAILURES:
        return {"fail": text}
    if text.startswith("{"):
        return _object(text)
    found: dict[str, Any] = {}
    place = 0
    while not _END.match(text, place):
        key = _KEY.match(text, place)
        if key is None:
            raise ValueError(f"expected key=value at {text[place : place + 40]!r}")
        value, place = _value(text, key.end()) if key[2] else (True, key.end())
        found[key[1]] = value
    return found


def spell_line(mapping: Mapping[str, object]) -> str:
    """The line that spells a mapping.

    >>> spell_line({"reset": {"after_frames": 2}})
    'reset={"after_frames":2}'
    """
    return " ".join(
        key if value is True else f"{key}={_spelled(value)}" for key, value in mapping.items()
    )


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"no JSON: {error}") from error
    assert isinstance(value, dict)
    return value


def _value(text: str, start: int) -> tuple[Any, int]:
    if text[start : start + 1] in ("{", "[", '"'):
        try:
            return _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"no JSON at {text[start : start + 40]!r}") from error
    word = _WORD.match(text, start)
    assert word is not None
    return _bare(word[0]), word.end()


def _bare(word: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(word)
    except ValueError:
        return word


def _spelled(value: object) -> str:
    if isinstance(value, str) and _WORD.fullmatch(value) and _bare(value) == value != "":
        return value if value[0] not in '{["' else json.dumps(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, separators=(",", ":"))
