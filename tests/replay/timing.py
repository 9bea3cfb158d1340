"""When the recorder sent what: which exchanges ran beside others, and where it waited.

A recording from 70 on says when each exchange `started` and `ended`. The older ones only give the
order of the starts: for those two tables hold what their names, `t` and dates tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

from mockletta.recordings.drift import player
from mockletta.recordings.drift.player import StartCondition
from mockletta.recordings.drift.scenario import ScenarioExchange
from mockletta.recordings.drift.transcripts import ScenarioTranscript

T = TypeVar("T")


def timeline(transcript: ScenarioTranscript) -> list[StartCondition]:
    """Find the moment of each exchange."""
    if _is_timed(transcript.exchanges):
        return player.timeline(transcript.exchanges)
    return [_listed(transcript, index) for index in range(len(transcript.exchanges))]


def is_live(transcript: ScenarioTranscript) -> bool:
    """Whether something goes on while something else is done."""
    return _is_live(transcript.exchanges, timeline(transcript))


@dataclass(frozen=True, slots=True)
class _Overlap:
    """An exchange that went on while the next `during` exchanges were made.

    They begin when `frames` of its stream have arrived, or after `delay` seconds of the recording.
    """

    during: int
    frames: int = 0
    delay: float = 0.0


_CANCELLED = _Overlap(during=1, frames=3)
_FIRST_FRAME = _Overlap(during=1, frames=1)

_OVERLAPS: dict[tuple[str, str], _Overlap] = {
    ("05", "foreground stream cancelled by the next exchange"): _CANCELLED,
    ("05", "background stream cancelled by the next exchange"): _CANCELLED,
    ("05", "non-streaming cancelled by the next exchange"): _Overlap(during=1, delay=1.0),
    ("05", "step stream cancelled by the next exchange"): _FIRST_FRAME,
    ("05", "agent-direct stream cancelled by the next exchange"): _CANCELLED,
    ("05", "agent-direct stream cancelled via agents endpoint"): _CANCELLED,
    ("05", "multi tool loop cancelled"): _CANCELLED,
    ("21", "active foreground run in the background of the next exchanges"): _FIRST_FRAME,
    ("21", "active background run"): _CANCELLED,
    ("21", "active background run 2"): _FIRST_FRAME,
    ("21", "active agent-direct background run"): _FIRST_FRAME,
    ("21", "slow to start background run"): _FIRST_FRAME,
    ("22", "running stream"): _Overlap(during=6, frames=2),
    ("22", "running stream with otid"): _Overlap(during=2, frames=2),
    ("22", "running background stream with otid"): _Overlap(during=1, frames=2),
    ("22", "agent-direct running"): _Overlap(during=4, frames=2),
    ("22", "agent-direct non-streaming running"): _Overlap(during=1, delay=0.5),
    ("23", "22 s of silence in background mode"): _FIRST_FRAME,
    ("45", "hang (non-streaming)"): _Overlap(during=6, delay=100.0),
    ("45", "hang (stream)"): _Overlap(during=4, frames=1),
    ("45", "hang (token stream)"): _Overlap(during=2, frames=1),
}
# Seconds before an exchange in which a run ended unobserved.
_PAUSES: dict[tuple[str, str], float] = {
    ("20", "foreground run later"): 5.0,
    ("57", "async run"): 1.0,
    ("57", "failed async run"): 1.0,
    ("57", "async callback"): 1.0,
    ("57", "async slow"): 1.0,
    ("57", "cancelled async run"): 5.0,
    ("64", "files"): 3.0,
}


def _listed(transcript: ScenarioTranscript, index: int) -> StartCondition:
    def lookup(table: Mapping[tuple[str, str], T], at: int) -> T | None:
        return _found(table, transcript.name, transcript.exchanges[at].name) if at >= 0 else None

    overlap, before = lookup(_OVERLAPS, index), lookup(_OVERLAPS, index - 1)
    seconds = (lookup(_PAUSES, index) or 0.0) + (before.delay if before else 0.0)
    frames = {index - 1: before.frames} if before else {}
    return StartCondition(index + 1 + (overlap.during if overlap else 0), seconds, frames)


def _found(table: Mapping[tuple[str, str], T], file: str, exchange: str) -> T | None:
    return next(
        (
            found
            for (prefix, name), found in table.items()
            if file.startswith(prefix) and fnmatchcase(exchange, name)
        ),
        None,
    )


def _is_timed(exchanges: Sequence[ScenarioExchange]) -> bool:
    """Whether the times of all exchanges were recorded."""
    return all(one.started is not None and one.ended is not None for one in exchanges)


def _is_live(exchanges: Sequence[ScenarioExchange], moments: Sequence[StartCondition]) -> bool:
    """Whether something goes on while something else is done."""
    return any(
        not moment.is_awaited(one.index + 1)
        or one.request.path.endswith("/cancel")
        or (one.recorded is not None and one.recorded.client_closed_early)
        for one, moment in zip(exchanges, moments, strict=True)
    )
