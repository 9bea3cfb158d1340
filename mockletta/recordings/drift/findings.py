"""The findings of drift: differences of the mock from the real API, grouped by their cause."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from mockletta.recordings.drift.event_frames import comparable, joined
from mockletta.recordings.drift.playing import Outcome, PlayedScenario
from mockletta.recordings.drift.scenario import EventFrame, ScenarioAnswer, ScenarioExchange
from mockletta.recordings.drift.value_comparison import MISSING, AnswerDifference

Level = Literal["info", "warn", "error"]
LEVELS: Sequence[Level] = ("info", "warn", "error")
_NUMBER = re.compile(r"(?<=\[)\d+(?=\])|(?<=^data )\d+|(?<=^event )\d+")
_TYPE_NAMES: Mapping[type, str] = {
    bool: "boolean",
    int: "number",
    float: "number",
    type(None): "null",
    str: "text",
    list: "list",
    dict: "object",
}
_ORDERS = ("length", "order")
_KINDS_OF_PATHS = {"status": "status", "answer": "no answer", "stream": "no answer"}
SHOWN_VALUE = 160


@dataclass(frozen=True, slots=True)
class DriftFinding:
    """One cause of differences.

    `path` is where, without positions. `kind` is one of `new field` that only the real API sends,
    `missing field` that it does not send, `type`, `status`, `order`, `header`, `text` of an error,
    `value`, or `no answer`. `expected` is the real API's value, `got` the mock's, in the smallest
    exchange that shows it. `operations` counts the differences. `quirks` are those that the answer
    of the mock depends on.
    """

    level: Level
    kind: str
    path: str
    operations: Mapping[str, int]
    file: str
    example: ScenarioExchange
    difference: AnswerDifference
    quirks: Sequence[str] = ()

    @property
    def title(self) -> str:
        """The place and kind of the difference, in one line."""
        names = ", ".join(self.operations)
        return f"{self.kind} at {self.path} of {names}"


@dataclass(slots=True)
class DriftReport:
    """The findings of some recordings. `compared` counts exchanges, `skipped` those that were not
    compared, by reason.
    """

    findings: list[DriftFinding] = field(default_factory=list)
    compared: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    def reaches(self, level: Level) -> bool:
        """Return whether a finding is of a level, or a worse one."""
        wanted = LEVELS.index(level)
        return any(LEVELS.index(finding.level) >= wanted for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Seen:
    file: str
    outcome: Outcome
    difference: AnswerDifference
    quirks: Sequence[str]

    @property
    def size(self) -> int:
        return size_of(self.outcome.exchange)


def report_on(
    played: Iterable[PlayedScenario], quirks: Mapping[tuple[str, int], Sequence[str]]
) -> DriftReport:
    """Group the differences of some scenarios. `quirks` are those of answers, by file and index."""
    report = DriftReport()
    causes: dict[tuple[str, str, str, str], list[_Seen]] = defaultdict(list)
    for scenario in played:
        report.files.append(scenario.scenario.name)
        for outcome in scenario.outcomes:
            _count(report, outcome)
            place = (scenario.scenario.name, outcome.exchange.index)
            for difference in _telling(outcome):
                seen = _Seen(place[0], outcome, difference, quirks.get(place, ()))
                causes[_cause(outcome.exchange, difference)].append(seen)
    report.findings = sorted(map(_finding, causes.values()), key=_rank)
    return report


def _count(report: DriftReport, outcome: Outcome) -> None:
    if outcome.verdict in ("equal", "order", "different", "deviation"):
        report.compared += 1
    else:
        reason = f"{outcome.verdict}: {outcome.note or outcome.exchange.name}"
        report.skipped[reason] = report.skipped.get(reason, 0) + 1


def _telling(outcome: Outcome) -> list[AnswerDifference]:
    """Return the differences in values, without those that another length or order explains."""
    values = [one for one in outcome.differences if one.kind == "value"]
    places = {place for one in values if (place := _misplaced(one.path))}
    return [
        one
        for one in values
        if _misplaced(one.path) or not any(_is_within(one.path, place) for place in places)
    ]


def _misplaced(path: str) -> str:
    """Return the list or event that is another one, if a path says so."""
    place, _, last = path.rpartition(".")
    is_event = last == "message_type" and re.fullmatch(r"data \d+", place) is not None
    return place if last in _ORDERS or is_event else ""


def _is_within(path: str, place: str) -> bool:
    if place == "stream":
        return path.startswith(("data ", "event "))
    return path.startswith((f"{place}[", f"{place}.") if place.startswith("data") else f"{place}[")


def _cause(exchange: ScenarioExchange, difference: AnswerDifference) -> tuple[str, str, str, str]:
    """Return the key that differences of the same cause share."""
    kind = kind_of(exchange, difference)
    own = exchange.name if kind in ("status", "order", "value", "text") else ""
    shown = str(difference.expected)[:3] if kind == "status" else ""
    return kind, plain_path(exchange, difference.path), own, shown


def _finding(seen: list[_Seen]) -> DriftFinding:
    smallest = min(seen, key=lambda one: one.size)
    exchange = smallest.outcome.exchange
    operations: dict[str, int] = {}
    for one in seen:
        name = one.outcome.exchange.name
        operations[name] = operations.get(name, 0) + 1
    kind = kind_of(exchange, smallest.difference)
    return DriftFinding(
        level_of(kind, exchange),
        kind,
        plain_path(exchange, smallest.difference.path),
        operations,
        smallest.file,
        exchange,
        smallest.difference,
        sorted({name for one in seen for name in one.quirks}),
    )


def _rank(finding: DriftFinding) -> tuple[int, str, str]:
    return -LEVELS.index(finding.level), ", ".join(finding.operations), finding.path


def kind_of(exchange: ScenarioExchange, difference: AnswerDifference) -> str:
    """Return the kind of a difference."""
    path, expected, got = difference.path, difference.expected, difference.got
    if path in _KINDS_OF_PATHS:
        return _KINDS_OF_PATHS[path]
    if path.rpartition(".")[2] in _ORDERS or path.endswith("message_type"):
        return "order"
    if path.startswith("header "):
        return "header"
    if MISSING in (expected, got):
        return "new field" if got == MISSING else "missing field"
    return _kind_of_value(exchange, difference)


def _kind_of_value(exchange: ScenarioExchange, difference: AnswerDifference) -> str:
    if type_name(difference.expected) != type_name(difference.got):
        return "type"
    recorded = exchange.recorded
    is_error = recorded is not None and (
        recorded.status >= 400 or _is_error_event(recorded, difference.path)
    )
    return "text" if is_error else "value"


def _is_error_event(recorded: ScenarioAnswer, path: str) -> bool:
    return path.endswith((".detail", ".message")) and recorded.frames is not None


def level_of(kind: str, exchange: ScenarioExchange) -> Level:
    """Return the level of a kind of difference."""
    if kind in ("new field", "value"):
        return "info" if kind == "new field" or _has_succeeded(exchange) else "warn"
    return "warn" if kind in ("missing field", "header", "text") else "error"


def _has_succeeded(exchange: ScenarioExchange) -> bool:
    return exchange.recorded is not None and exchange.recorded.status < 400


def type_name(value: object) -> str:
    """Return the JSON type of a value; null is a separate type."""
    return _TYPE_NAMES[type(value)]


def plain_path(exchange: ScenarioExchange, path: str) -> str:
    """Return a path without positions: those of events are their types."""
    event = re.match(r"(?:data|event) (\d+)", path)
    recorded = exchange.recorded
    if event is not None and recorded is not None:
        frames, number = compared_frames(recorded), int(event[1])
        data = frames[number].data if number < len(frames) else None
        kind = data.get("message_type") if isinstance(data, dict) else "event"
        return f"event({kind}){_NUMBER.sub('*', path[event.end() :])}"
    return _NUMBER.sub("*", path)


def compared_frames(recorded: ScenarioAnswer) -> list[EventFrame]:
    """Return the events of a stream as they were compared."""
    frames = recorded.frames or ()
    return joined(comparable(frames, frames)[0])


def size_of(exchange: ScenarioExchange) -> int:
    """Return the length of an exchange, to choose the smallest one."""
    recorded = exchange.recorded
    values = [exchange.request.content, recorded.values() if recorded is not None else None]
    return sum(len(json.dumps(value, default=str)) for value in values)


def shown(value: object) -> str:
    """Return a value as a report shows it."""
    if value == MISSING:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN_VALUE else f"{text[: SHOWN_VALUE - 30]}…{text[-25:]}"
