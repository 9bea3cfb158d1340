"""Kinds of values in settings: each checks a Python value, or parses a text.

All raise ValueError with the expected and the received value.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from mockletta.documents.durations import A_DURATION, seconds_of
from mockletta.documents.hints import did_you_mean, one_of, shown

_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
_WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
ENDLESS = float("inf")


class ValueKind(ABC):
    """The kind of a setting. `expected` names it in messages, `metavar` in the help."""

    metavar = "TEXT"

    @property
    @abstractmethod
    def expected(self) -> str: ...

    @abstractmethod
    def check(self, value: object) -> Any:  # noqa: ANN401 - each kind has a type of its own
        """Return a Python value in the form of this kind."""

    def parse(self, text: str) -> Any:  # noqa: ANN401
        """Parse a text."""
        return self.check(text)

    def refused(self, value: object, hint: str = "") -> ValueError:
        return ValueError(f"expected {self.expected}, received {shown(value)}{hint}")


@dataclass(frozen=True)
class NumberKind(ValueKind):
    """A number within limits."""

    least: float = 0.0
    most: float = ENDLESS
    metavar = "NUMBER"

    @property
    def expected(self) -> str:
        return f"a number{_limits(self.least, self.most)}"

    def check(self, value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.refused(value)
        if not self.least <= value <= self.most:
            raise self.refused(value)
        return value

    def parse(self, text: str) -> float:
        try:
            return self.check(float(text))
        except ValueError:
            raise self.refused(text) from None


@dataclass(frozen=True)
class WholeNumberKind(ValueKind):
    """A whole number within limits."""

    least: int | None = None
    most: int | None = None
    metavar = "NUMBER"

    @property
    def expected(self) -> str:
        return f"a whole number{_limits(self.least, self.most)}"

    def check(self, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.refused(value)
        too_small = self.least is not None and value < self.least
        if too_small or (self.most is not None and value > self.most):
            raise self.refused(value)
        return value

    def parse(self, text: str) -> int:
        if not _WHOLE.fullmatch(text.strip()):
            raise self.refused(text)
        try:
            return self.check(int(text))
        except ValueError:
            raise self.refused(text) from None


@dataclass(frozen=True)
class DurationKind(ValueKind):
    """A duration within limits, in seconds."""

    least: float = 0.0
    most: float = ENDLESS
    metavar = "DURATION"

    @property
    def expected(self) -> str:
        return f"{A_DURATION}{_limits(self.least, self.most, ',')}"

    def check(self, value: object) -> float:
        try:
            seconds = seconds_of(value)
        except ValueError:
            raise self.refused(value) from None
        if not self.least <= seconds <= self.most:
            raise self.refused(value)
        return seconds


class FlagKind(ValueKind):
    """Yes or no."""

    metavar = ""
    expected = "True or False"

    def check(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise self.refused(value)
        return value

    def parse(self, text: str) -> bool:
        word = text.strip().lower()
        if word not in _TRUE + _FALSE:
            raise ValueError(f"expected `true` or `false`, received {shown(text)}")
        return word in _TRUE


@dataclass(frozen=True)
class ChoiceKind(ValueKind):
    """One of some names."""

    choices: tuple[str, ...]

    @property
    def metavar(self) -> str:  # type: ignore[override]
        return f"[{'|'.join(self.choices)}]"

    @property
    def expected(self) -> str:
        return one_of(self.choices)

    def check(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise self.refused(value, did_you_mean(str(value), self.choices))
        return value


class TextKind(ValueKind):
    """A text that is not empty."""

    expected = "a text that is not empty"

    def check(self, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise self.refused(value)
        return value


def _limits(least: float | None, most: float | None, comma: str = "") -> str:
    start = "" if least is None else f"{comma} from {least:.10g}"
    return start if most is None or most == ENDLESS else f"{start} to {most:.10g}"
