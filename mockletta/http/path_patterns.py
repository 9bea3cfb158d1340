"""Patterns for the ids in a path, and the recorded server's errors for values that do not match.

Oddities imitated:
1. Where a parameter is named after its prefix (`agent_id`), the message names a `{uuid4}` and the
   body has `examples` [40].
2. Where it is not (`conversation_id`, `conv-...`), the length is checked first [03 retrieve
   malformed].
3. Run ids are not checked in the path; a malformed one gets a 400 from the operation [40 runs].
"""

import re
from dataclasses import dataclass
from functools import cached_property

EXAMPLE_UUID = "123e4567-e89b-42d3-8456-426614174000"

ErrorDetail = dict[str, object]


@dataclass(frozen=True)
class PathPattern:
    """A path parameter that must match a regular expression."""

    pattern: str

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def accepts(self, value: str) -> bool:
        return self._regex.fullmatch(value) is not None

    def error(self, name: str, value: str) -> ErrorDetail:
        """Return the validation error for a value that was not accepted."""
        return self._mismatch(name, value, self.pattern)

    def examples(self) -> list[str]:
        return []

    def _mismatch(self, name: str, value: str, shown: str) -> ErrorDetail:
        return {
            "type": "string_pattern_mismatch",
            "loc": ("path", name),
            "msg": f"String should match pattern '{shown}'",
            "input": value,
            "ctx": {"pattern": self.pattern},
        }


@dataclass(frozen=True)
class NamedId(PathPattern):
    """An id whose parameter is named after its prefix."""

    prefix: str = ""

    def error(self, name: str, value: str) -> ErrorDetail:
        return self._mismatch(name, value, f"{self.prefix}-{{uuid4}}")

    def examples(self) -> list[str]:
        return [f"{self.prefix}-{EXAMPLE_UUID}"]


@dataclass(frozen=True)
class SizedId(PathPattern):
    """An id whose parameter is not named after its prefix."""

    length: int = 0

    def error(self, name: str, value: str) -> ErrorDetail:
        if len(value) == self.length:
            return super().error(name, value)
        side, word = ("short", "least") if len(value) < self.length else ("long", "most")
        limit = "min_length" if side == "short" else "max_length"
        return {
            "type": f"string_too_{side}",
            "loc": ("path", name),
            "msg": f"String should have at {word} {self.length} characters",
            "input": value,
            "ctx": {limit: self.length},
        }
