"""Remembering what pure functions of a short text gave: one message is read by several rules."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Result = TypeVar("Result")
SHORT = 300
MANY = 1024


def remembered(function: Callable[[str], Result]) -> Callable[[str], Result]:
    """Keep the newest results for short texts; `function` must depend on its text alone."""
    kept = lru_cache(MANY)(function)

    @wraps(function)
    def wrapper(text: str) -> Result:
        return kept(text) if len(text) <= SHORT else function(text)

    return wrapper
