"""Plays a scenario against a server: sends its requests, and compares the answers."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from mockletta.recordings.drift.answer_comparison import TIES, Tie, differences
from mockletta.recordings.drift.player import (
    LiveAnswer,
    RunningRequest,
    ScenarioPlayer,
    StartCondition,
    timeline,
)
from mockletta.recordings.drift.scenario import Scenario, ScenarioExchange
from mockletta.recordings.drift.value_comparison import AnswerDifference
from mockletta.recordings.drift.varying_values import IdBinding, UnboundError


@dataclass(frozen=True, slots=True)
class Deviation:
    """Excuses differences of the exchanges matching `exchange` (a glob) in the file `file`.

    With a `status`, exactly that status must be answered instead of the recorded one; otherwise the
    differences whose path matches one of `paths` are excused. With `skip` the request is not sent,
    because its effects would change every exchange that follows. A kind of deviation is recognised
    by the recorded values: `expected` and `got` are patterns to find in the two values.
    """

    file: str
    exchange: str
    reason: str
    status: int | None = None
    paths: tuple[str, ...] = ("*",)
    skip: bool = False
    expected: str = ""
    got: str = ""

    def covers(self, file: str, exchange: str) -> bool:
        """Return whether this entry is about an exchange."""
        return file.startswith(self.file) and fnmatchcase(exchange, self.exchange)

    def excuses(self, difference: AnswerDifference, status: int) -> bool:
        """Return whether a difference, in an answer of that status, is intended."""
        if self.status is not None:
            return status == self.status and difference.path == "status"
        return (
            any(fnmatchcase(difference.path, one) for one in self.paths)
            and re.search(self.expected, str(difference.expected)) is not None
            and re.search(self.got, str(difference.got)) is not None
        )


def covering(file: str, exchange: str, entries: Sequence[Deviation]) -> list[Deviation]:
    """Find the entries about one exchange."""
    return [one for one in entries if one.covers(file, exchange)]


Verdict = Literal[
    "equal", "order", "deviation", "not imitated", "unbound", "unrecorded", "different"
]
SHOWN = 20
# Seconds between two exchanges that are more than the recorder's own delay.
SHORTEST_PAUSE = 0.3


Imitated = Callable[[ScenarioExchange, LiveAnswer], bool]
Further = Callable[[ScenarioExchange, IdBinding], list[AnswerDifference]]


def is_implemented(_: ScenarioExchange, answer: LiveAnswer) -> bool:
    """Return whether an answer says that the operation is imitated."""
    return answer.status != 501


@dataclass(frozen=True, slots=True)
class Expectations:
    """What to expect of a server.

    `deviations` are intended differences, `ties` lists in arbitrary order, `moments` when each
    request is sent. `is_imitated` says which answers are compared, `further` finds differences
    elsewhere than in the answer. With `joins_tokens` the split of texts does not matter. `mark` is
    a header that tells the server the index of each exchange.
    """

    deviations: Sequence[Deviation] = ()
    ties: Sequence[Tie] = TIES
    moments: Sequence[StartCondition] | None = None
    is_imitated: Imitated = is_implemented
    further: Further = lambda *_: []
    joins_tokens: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one exchange. "order": only the order of keys differs; "unbound": it needs an
    id that an earlier exchange should have given; "unrecorded": it had no recorded answer."""

    exchange: ScenarioExchange
    verdict: Verdict
    differences: tuple[AnswerDifference, ...] = ()
    used: tuple[Deviation, ...] = ()
    note: str = ""


@dataclass(slots=True)
class PlayedScenario:
    """The outcomes of one scenario."""

    scenario: Scenario
    outcomes: list[Outcome] = field(default_factory=list)

    def stale(self, entries: Sequence[Deviation]) -> list[Deviation]:
        """Return the deviations about this file that were tried and excused nothing."""
        used = {one for outcome in self.outcomes for one in outcome.used}
        return [one for one in entries if one not in used and self._is_refuted(one)]

    def _is_refuted(self, entry: Deviation) -> bool:
        verdicts = {
            one.verdict
            for one in self.outcomes
            if entry.covers(self.scenario.name, one.exchange.name)
        }
        return bool(verdicts & {"equal", "order", "deviation"}) and "different" not in verdicts

    def failures(self, entries: Sequence[Deviation] = ()) -> str:
        """Describe the first differences and the unused deviations of some scenarios; "" if there
        are none."""
        lines = [
            f"{self.scenario.name} / {outcome.exchange.name} / {one}"
            for outcome in self.outcomes
            if outcome.verdict == "different"
            for one in outcome.differences
            if one.kind == "value"
        ]
        hidden = len(lines) - SHOWN
        lines = lines[:SHOWN] + ([f"… and {hidden} more differences"] if hidden > 0 else [])
        return "\n".join(
            lines + [f"deviation without a difference: {one}" for one in self.stale(entries)]
        )


@dataclass(slots=True)
class _Play:
    player: ScenarioPlayer
    scenario: Scenario
    binding: IdBinding
    wait: Callable[[float], None]
    expected: Expectations
    running: dict[int, RunningRequest] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    moments: Sequence[StartCondition] = field(init=False)

    def __post_init__(self) -> None:
        self.moments = self.expected.moments or timeline(self.scenario.exchanges)

    def play(self, exchange: ScenarioExchange) -> None:
        self.finish([one for one in self.running if self.moments[one].is_awaited(exchange.index)])
        self.wait_for(self.moments[exchange.index])
        if exchange.recorded is None and self.moments[exchange.index].is_awaited(
            exchange.index + 1
        ):
            self.conclude(exchange, "unrecorded")
            return
        skipped = [one for one in self.covering(exchange) if one.skip]
        if skipped:
            self.outcomes[exchange.index] = Outcome(exchange, "deviation", used=tuple(skipped))
            return
        try:
            self.running[exchange.index] = self.start(exchange)
        except UnboundError as missing:
            self.conclude(exchange, "unbound", f"no {missing} yet")

    def wait_for(self, moment: StartCondition) -> None:
        """Wait until an exchange starts."""
        for index, frames in moment.frames.items():
            if index in self.running:
                self.running[index].wait_for_frames(frames, self.wait, self.player.patience)
        if moment.seconds > SHORTEST_PAUSE:
            self.wait(moment.seconds)

    def start(self, exchange: ScenarioExchange) -> RunningRequest:
        recorded = exchange.recorded
        leave_after = None
        if recorded is not None and recorded.client_closed_early:
            leave_after = len(recorded.frames or ())
        request = self.binding.request(exchange.request)
        if self.expected.mark:
            marked = {**request.headers, self.expected.mark: str(exchange.index)}
            request = replace(request, headers=marked)
        return self.player.start(request, leave_after)

    def finish(self, indices: Sequence[int]) -> None:
        for index in sorted(indices, key=lambda one: self.moments[one].until):
            running = self.running.pop(index)
            answer = running.result(self.wait, self.player.patience)
            self.judge(self.scenario.exchanges[index], answer)

    def judge(self, exchange: ScenarioExchange, answer: LiveAnswer) -> None:
        if exchange.recorded is None:
            self.conclude(exchange, "unrecorded")
            return
        if not self.expected.is_imitated(exchange, answer):
            self.conclude(exchange, "not imitated")
            return
        found = differences(
            self.scenario,
            exchange,
            answer,
            self.binding,
            self.expected.ties,
            joins_tokens=self.expected.joins_tokens,
        )
        found += self.expected.further(exchange, self.binding)
        entries = self.covering(exchange)
        self.outcomes[exchange.index] = _judged(exchange, found, entries, answer.status)

    def covering(self, exchange: ScenarioExchange) -> list[Deviation]:
        return covering(self.scenario.name, exchange.name, self.expected.deviations)

    def conclude(self, exchange: ScenarioExchange, verdict: Verdict, note: str = "") -> None:
        self.outcomes[exchange.index] = Outcome(exchange, verdict, note=note)


def play(
    scenario: Scenario,
    base_url: str,
    wait: Callable[[float], None] = time.sleep,
    expected: Expectations | None = None,
) -> PlayedScenario:
    """Send every exchange of a scenario to a fresh server and compare its answers.

    `wait` advances the server's clock by so many seconds.
    """
    with ScenarioPlayer(base_url) as player:
        played = _Play(player, scenario, IdBinding(scenario), wait, expected or Expectations())
        for exchange in scenario.exchanges:
            played.play(exchange)
        played.finish(list(played.running))
    outcomes = [played.outcomes[one.index] for one in scenario.exchanges]
    return PlayedScenario(scenario, outcomes)


def _judged(
    exchange: ScenarioExchange,
    found: Sequence[AnswerDifference],
    entries: Sequence[Deviation],
    status: int,
) -> Outcome:
    excused = [(one, [e for e in entries if e.excuses(one, status)]) for one in found]
    left = tuple(one for one, by in excused if not by)
    used = tuple(entry for _, by in excused for entry in by)
    if any(one.kind == "value" for one in left):
        return Outcome(exchange, "different", left, used)
    if left:
        return Outcome(exchange, "order", left, used)
    return Outcome(exchange, "deviation" if used else "equal", (), used)
