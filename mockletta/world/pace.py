"""The pace of a reply: how fast its tokens stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from mockletta.documents.hints import hint, shown
from mockletta.documents.value_kinds import DurationKind, NumberKind, ValueKind, WholeNumberKind

DEFAULT_KEEPALIVE = 20.0
LONGEST_DELAY = 86_400
SLOWEST = 0.0001
LARGEST_CHUNK = 10_000
KEEPALIVE = DurationKind(0.000_1, LONGEST_DELAY)
PACE: Mapping[str, ValueKind] = MappingProxyType(
    {
        "ttft": DurationKind(0, LONGEST_DELAY),
        "tokens_per_second": NumberKind(SLOWEST),
        "jitter": NumberKind(0, 1),
        "chunk": WholeNumberKind(1, LARGEST_CHUNK),
        "keepalive": KEEPALIVE,
    }
)
"""The parts of a pace, and what each may be."""
EXAMPLE = "ttft=500ms, tokens_per_second=20, jitter=0.2, chunk=4"


@dataclass(frozen=True, slots=True, init=False)
class Pace:
    """How fast replies stream. Durations are seconds or texts such as `500ms`.

    `ttft` is the time to the first token. After it come `tokens_per_second`; None means all at
    once. `jitter` is the share (0 to 1) by which each delay varies. `chunk` is the number of tokens
    in one event: the more, the longer until the next event. `keepalive` is the silence before a
    ping, if it differs from the server's. Raises ValueError for a value that is out of range.
    """

    ttft: float
    tokens_per_second: float | None
    jitter: float
    chunk: int
    keepalive: float | None

    def __init__(
        self,
        ttft: float | str = 0.0,
        tokens_per_second: float | None = None,
        jitter: float = 0.0,
        chunk: int = 1,
        keepalive: float | str | None = None,
    ) -> None:
        given = (ttft, tokens_per_second, jitter, chunk, keepalive)
        for (name, kind), value in zip(PACE.items(), given, strict=True):
            object.__setattr__(self, name, _checked(name, kind, value))

    @property
    def seconds_per_token(self) -> float:
        """The delay of each token after the first; 0 without one."""
        return 1 / self.tokens_per_second if self.tokens_per_second else 0.0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a pace in one line: "ttft=500ms, tokens_per_second=20, jitter=0.2, chunk=4".

        Each of these and `keepalive` may be given once. The defaults are no delay, no jitter and
        one token. Raises ValueError for anything else.
        """
        given: dict[str, Any] = {}
        for part in filter(None, map(str.strip, text.split(","))):
            name, value = _parsed(part)
            if name in given:
                raise ValueError(f"expected {name} once, received {shown(text)}")
            given[name] = value
        return cls(**given)


def _checked(name: str, kind: ValueKind, value: object) -> object:
    if value is None and name in ("tokens_per_second", "keepalive"):
        return None
    try:
        return kind.check(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _parsed(part: str) -> tuple[str, object]:
    """Split a part of a line into its name and its value."""
    name, equals, text = (one.strip() for one in part.partition("="))
    if not equals:
        raise ValueError(f"expected a pace such as `{EXAMPLE}`, received {shown(part)}")
    if name not in PACE:
        raise ValueError(f"{name[:80]}: unknown key{hint(name, PACE)}")
    try:
        return name, PACE[name].parse(text)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
