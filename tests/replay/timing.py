"""When the recorder sent what: which exchanges ran beside others, and where it waited.

The transcripts give the order of the starts only, so this is read from their names, `t` and dates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

T = TypeVar("T")

# What the recorder's keepalive interval was, in seconds [23].
KEEPALIVE = 20.0


@dataclass(frozen=True, slots=True)
class Overlap:
    """An exchange that went on while the next `during` exchanges were made.

    They begin when `frames` of its stream have arrived, or after `delay` seconds of the recording.
    """

    during: int
    frames: int = 0
    delay: float = 0.0


_CANCELLED = Overlap(during=1, frames=3)
_FIRST_FRAME = Overlap(during=1, frames=1)

OVERLAPS: dict[tuple[str, str], Overlap] = {
    ("05", "foreground stream cancelled by the next exchange"): _CANCELLED,
    ("05", "background stream cancelled by the next exchange"): _CANCELLED,
    ("05", "non-streaming cancelled by the next exchange"): Overlap(during=1, delay=1.0),
    ("05", "step stream cancelled by the next exchange"): _FIRST_FRAME,
    ("05", "agent-direct stream cancelled by the next exchange"): _CANCELLED,
    ("05", "agent-direct stream cancelled via agents endpoint"): _CANCELLED,
    ("05", "multi tool loop cancelled"): _CANCELLED,
    ("21", "active foreground run in the background of the next exchanges"): _FIRST_FRAME,
    ("21", "active background run"): _CANCELLED,
    ("21", "active background run 2"): _FIRST_FRAME,
    ("21", "active agent-direct background run"): _FIRST_FRAME,
    ("21", "slow to start background run"): _FIRST_FRAME,
    ("22", "running stream"): Overlap(during=6, frames=2),
    ("22", "running stream with otid"): Overlap(during=2, frames=2),
    ("22", "running background stream with otid"): Overlap(during=1, frames=2),
    ("22", "agent-direct running"): Overlap(during=4, frames=2),
    ("22", "agent-direct non-streaming running"): Overlap(during=1, delay=0.5),
    ("23", "22 s of silence in background mode"): _FIRST_FRAME,
    ("45", "hang (non-streaming)"): Overlap(during=6, delay=100.0),
    ("45", "hang (stream)"): Overlap(during=4, frames=1),
    ("45", "hang (token stream)"): Overlap(during=2, frames=1),
}
# Seconds of the recording before an exchange, in which a run ended unobserved.
PAUSES: dict[tuple[str, str], float] = {
    ("20", "foreground run later"): 5.0,
    ("57", "async run"): 1.0,
    ("57", "failed async run"): 1.0,
    ("57", "async callback"): 1.0,
    ("57", "async slow"): 1.0,
    ("57", "cancelled async run"): 5.0,
    ("64", "files"): 3.0,
}
# Our seconds per second of the recording, where something went on while something else was done.
SCALES = {"05": 0.3, "20": 0.6, "21": 0.2, "22": 0.4, "23": 0.02, "45": 0.002, "57": 0.3}
DEFAULT_SCALE = 0.05


def scale(file: str) -> float:
    """Our seconds per second of the recording `file`."""
    return SCALES.get(file[:2], DEFAULT_SCALE)


def is_live(file: str) -> bool:
    """Whether something goes on in the recording `file` while something else is done."""
    return file[:2] in SCALES


def overlap(file: str, exchange: str) -> Overlap | None:
    """How this exchange overlaps with the next ones, or None."""
    return _lookup(OVERLAPS, file, exchange)


def pause(file: str, exchange: str) -> float:
    """How long to wait before this exchange, in our seconds."""
    return (_lookup(PAUSES, file, exchange) or 0.0) * scale(file)


def _lookup(table: Mapping[tuple[str, str], T], file: str, exchange: str) -> T | None:
    return next(
        (
            found
            for (prefix, name), found in table.items()
            if file.startswith(prefix) and fnmatchcase(exchange, name)
        ),
        None,
    )
