"""When the client of a recording sent what: which exchanges ran beside others, and its pauses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mockletta.recordings.drift.scenario import ScenarioExchange


@dataclass(frozen=True, slots=True)
class Moment:
    """When one exchange starts.

    It starts after a pause of so many `seconds` in which `frames` have arrived of each exchange
    that is still under way, by index. The exchange `until` is the first to start after its end.
    """

    until: int
    seconds: float = 0.0
    frames: Mapping[int, int] = field(default_factory=dict)

    def is_awaited(self, index: int) -> bool:
        """Whether the exchange that follows it as `index` starts after its end."""
        return index >= self.until


def is_timed(exchanges: Sequence[ScenarioExchange]) -> bool:
    """Whether the times of all exchanges were recorded."""
    return all(one.started is not None and one.ended is not None for one in exchanges)


def timeline(exchanges: Sequence[ScenarioExchange]) -> list[Moment]:
    """Find the moment of each exchange by the recorded times."""
    return [_moment(exchanges, index) for index in range(len(exchanges))]


def is_live(exchanges: Sequence[ScenarioExchange], moments: Sequence[Moment]) -> bool:
    """Whether something goes on while something else is done."""
    return any(
        not moment.is_awaited(one.index + 1)
        or one.request.path.endswith("/cancel")
        or (one.recorded is not None and one.recorded.client_closed_early)
        for one, moment in zip(exchanges, moments, strict=True)
    )


def _moment(exchanges: Sequence[ScenarioExchange], index: int) -> Moment:
    start, end = _start(exchanges[index]), _end(exchanges[index])
    earlier, later = exchanges[:index], exchanges[index + 1 :]
    until = next((one.index for one in later if _start(one) >= end), len(exchanges))
    arrivals = {one.index: _arrivals(one, start) for one in earlier if _end(one) > start}
    ends = [_end(one) for one in earlier if _end(one) <= start]
    arrived = [time for times in arrivals.values() for time in times]
    last = max([0.0, *ends, *map(_start, earlier), *arrived])
    frames = {one: len(times) for one, times in arrivals.items()}
    return Moment(until, round(start - last, 3), frames)


def _arrivals(exchange: ScenarioExchange, before: float) -> list[float]:
    """Find when the frames of a stream arrived that did so before a time."""
    frames = (exchange.recorded and exchange.recorded.frames) or ()
    times = [_start(exchange) + one.seconds for one in frames if one.seconds is not None]
    return [one for one in times if one <= before]


def _start(exchange: ScenarioExchange) -> float:
    return exchange.started or 0.0


def _end(exchange: ScenarioExchange) -> float:
    return exchange.ended or 0.0
