"""Types of the keys of faults: headers, dates, texts in a body."""

import json
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue

from mockletta.documents.duration_fields import Seconds

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_KEPT = frozenset({"content-length", "transfer-encoding", "connection"})
MOST_SECONDS = 1e9


def _header_name(name: str) -> str:
    if not _NAME.fullmatch(name) or name.lower() in _KEPT:
        raise ValueError("no header that can be set")
    return name


def _header_value(value: str) -> str:
    if not _VALUE.fullmatch(value):
        raise ValueError("no value a header can have")
    return value


def _http_date(text: str) -> str:
    try:
        parsedate_to_datetime(text)
    except (ValueError, OverflowError) as error:
        raise ValueError("no HTTP date") from error
    return _header_value(text)


def _sound(text: str) -> str:
    text.encode()
    return text


def _json_body(body: JsonValue) -> JsonValue:
    json.dumps(body, ensure_ascii=False).encode()
    return body


HeaderName = Annotated[str, AfterValidator(_header_name)]
HeaderValue = Annotated[str, AfterValidator(_header_value)]
Text = Annotated[str, AfterValidator(_sound)]
JsonBody = Annotated[JsonValue, AfterValidator(_json_body)]
RetryAfter = (
    Annotated[Seconds, Field(ge=0, le=MOST_SECONDS)] | Annotated[str, AfterValidator(_http_date)]
)


def contains(body: bytes, *, equals: str | None, part: str | None) -> bool:
    """Return whether a JSON body has one text that equals the first and one that contains the
    second."""
    if equals is None and part is None:
        return True
    try:
        texts = list(_texts(json.loads(body)))
    except (ValueError, RecursionError):
        return False
    return (equals is None or equals in texts) and (
        part is None or any(part in text for text in texts)
    )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
