"""Regular expressions from users, bounded in size and in time.

Scripts, expectations, schemas and tools compile theirs here, so that none can block the server. The
`regex` package expands the repetitions of an expression when it compiles it: 60 characters can take
gigabytes. The size is therefore estimated first.
"""

import re
import time
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regex import Match

MOST_STEPS = 5_000
"""The most characters and groups of an expression, with repetitions expanded. The worst ones of
this size compile in less than half a second."""
LONGEST_SEARCHED = 100_000
"""The most characters of a text. The rest of a longer text is not searched."""
SECONDS = 0.1
"""The seconds of a search, or of several searches that share a Budget."""
LEAST_LEFT = 0.001
_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\s*+(\d*+)\s*+(?:,\s*\d*\s*)?\}|.", re.DOTALL)
_COUNT = re.compile(r"\{\s*(\d+)")
_HARD_TO_READ = re.compile(r"\(\?#|\(\?[\w-]*[xV]")
"""Comments, free spacing and nested sets: a bracket in them may be plain text."""
_DIGITS = 9


class BadExpression(ValueError):
    """The text is not a regular expression, or it is too large. The message says why."""


class ExpressionTooLarge(BadExpression):
    """A regular expression that would take too much time or memory to compile."""


class ExpressionTooSlow(Exception):
    """A search took longer than its budget. The message names the time."""


class Budget:
    """The time that several searches may take together."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = SECONDS if seconds is None else seconds
        self.left = self.seconds


class Expression:
    """A compiled regular expression. Raises BadExpression.

    >>> Expression("(?i)wor(?P<rest>ld)").search("Hello World!")["rest"]
    'ld'
    """

    def __init__(self, source: str, *, ignore_case: bool = False) -> None:
        import regex  # noqa: PLC0415 - most programs have none

        if _steps(source) > MOST_STEPS:
            raise ExpressionTooLarge(f"it is too large: more than {MOST_STEPS} steps")
        try:
            self._compiled = regex.compile(source, regex.IGNORECASE if ignore_case else 0)
        except RecursionError as error:
            raise BadExpression("it is nested too deeply") from error
        except (regex.error, OverflowError, ValueError) as error:
            raise BadExpression(str(error)) from error
        self.source = source

    @property
    def group_names(self) -> frozenset[str]:
        return frozenset(self._compiled.groupindex)

    def search(self, text: str, budget: Budget | None = None) -> "Match[str] | None":
        """Return the first match in the beginning of a text. Raises ExpressionTooSlow."""
        budget = budget or Budget()
        began = time.monotonic()
        try:
            left = max(budget.left, LEAST_LEFT)
            return self._compiled.search(text[:LONGEST_SEARCHED], timeout=left)
        except TimeoutError as error:
            raise ExpressionTooSlow(f"took longer than {budget.seconds:g} s") from error
        finally:
            budget.left -= time.monotonic() - began


def _steps(source: str) -> int:
    """Estimate the size of a compiled expression. The estimate may be too high, but not too low."""
    if len(source) > MOST_STEPS or _HARD_TO_READ.search(source):
        return len(source) * prod(max(_number(count), 1) for count in _COUNT.findall(source))
    groups = [_Group()]
    for part, count in _parts(source):
        if part == "(":
            groups.append(_Group())
        elif part == ")" and len(groups) > 1:
            groups[-2].add(groups.pop().size)
        elif count:
            groups[-1].repeat(_number(count))
        else:
            groups[-1].add(1)
    return sum(group.size for group in groups)


class _Group:
    """The size of a group that is being read, and of its last part."""

    def __init__(self) -> None:
        self.size = 1
        self._last = 0

    def add(self, size: int) -> None:
        self.size += size
        self._last = size

    def repeat(self, count: int) -> None:
        self.size += self._last * (max(count, 1) - 1)
        self._last *= max(count, 1)


def _parts(source: str) -> Iterator[tuple[str, str]]:
    """Return the parts of an expression, and for a repetition its least count."""
    return ((part[0], part[1] or "") for part in _PART.finditer(source))


def _number(digits: str) -> int:
    return int(digits[:_DIGITS])
