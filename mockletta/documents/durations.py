"""Durations: numbers of seconds, or texts such as `500ms`. They have the same form everywhere."""

import math
import re

from mockletta.documents.hints import shown

A_DURATION = "a number of seconds or a text such as `500ms`, `1.5s`, `2m`"
_UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_TEXT = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?) *(ms|s|m|h|)")


def seconds_of(value: object) -> float:
    """Return a duration in seconds. Raises ValueError for anything else.

    >>> [seconds_of(one) for one in (2, "500ms", "1.5s", "0.5")]
    [2, 0.5, 1.5, 0.5]
    """
    if isinstance(value, str) and (written := _TEXT.fullmatch(value.strip())):
        return float(written[1]) * _UNITS[written[2]]
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf:
        return value
    raise ValueError(f"expected {A_DURATION}, received {shown(value)}")
