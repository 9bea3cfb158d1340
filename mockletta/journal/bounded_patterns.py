"""Regular expressions that come over HTTP, with limits, so that none can block the server."""

import time
from typing import TYPE_CHECKING

from mockletta.errors import Unprocessable

if TYPE_CHECKING:
    from regex import Pattern

LONGEST = 1_000
LONGEST_SEARCHED = 100_000
SECONDS = 1.0
"""The seconds that one expression may search in all entries together."""
LEAST_LEFT = 0.001


class BoundedPattern:
    """A regular expression as a condition. Only the beginning of a very long text is searched.

    Raises Unprocessable if the expression is invalid or takes too long.
    """

    def __init__(self, name: str, pattern: str) -> None:
        import regex  # noqa: PLC0415 - few queries have one

        self.name = name
        self.pattern = pattern
        self._left = SECONDS
        if len(pattern) > LONGEST:
            raise Unprocessable(
                f"The regular expression of {name} is longer than {LONGEST} characters"
            )
        try:
            self._compiled: Pattern[str] = regex.compile(pattern)
        except (regex.error, RecursionError, OverflowError) as error:
            raise Unprocessable(f"The regular expression of {name} is invalid: {error}") from error

    def search(self, text: str) -> object:
        """Return the match, None if there is none."""
        began = time.monotonic()
        try:
            searched = text[:LONGEST_SEARCHED]
            return self._compiled.search(searched, timeout=max(self._left, LEAST_LEFT))
        except TimeoutError as error:
            raise Unprocessable(
                f"The regular expression of {self.name} takes longer than {SECONDS:g} s: "
                "make it simpler"
            ) from error
        finally:
            self._left -= time.monotonic() - began
