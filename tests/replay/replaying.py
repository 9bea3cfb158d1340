"""Replays one transcript against a server: sends, overlaps, judges, counts."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .binding import Binding, UnboundError
from .callback_listener import CallbackListener
from .comparison import Difference
from .deviations import DEVIATIONS, KINDS, Deviation, covering
from .exchanges import Exchange, Transcript, with_address
from .imitation import is_imitated
from .judgement import differences
from .player import Answer, Player, Running
from .timing import Moment, timeline

Verdict = Literal[
    "equal", "order", "deviation", "not imitated", "unbound", "unrecorded", "different"
]
SHOWN = 20
# Seconds between two exchanges that are more than the recorder's own delay.
SHORTEST_PAUSE = 0.3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one exchange.

    "order": only the order of keys differs; "unbound": it needs an id that an exchange before
    should have given; "unrecorded": never answered when it was recorded.
    """

    exchange: Exchange
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    used: tuple[Deviation, ...] = ()
    note: str = ""


@dataclass(slots=True)
class Replay:
    """The outcomes of one transcript."""

    transcript: Transcript
    outcomes: list[Outcome] = field(default_factory=list)

    def count(self) -> Counter[Verdict]:
        """How many exchanges got each verdict."""
        return Counter(one.verdict for one in self.outcomes)

    def stale(self, entries: Sequence[Deviation] = DEVIATIONS) -> list[Deviation]:
        """Deviations about this file that were put to the test and excused nothing."""
        used = {one for outcome in self.outcomes for one in outcome.used}
        return [one for one in entries if one not in used and self._is_refuted(one)]

    def _is_refuted(self, entry: Deviation) -> bool:
        verdicts = {
            one.verdict
            for one in self.outcomes
            if entry.covers(self.transcript.name, one.exchange.name)
        }
        return bool(verdicts & {"equal", "order", "deviation"}) and "different" not in verdicts

    def failures(self) -> str:
        """Describe the first differences and the stale deviations; "" if there are none."""
        lines = [
            f"{self.transcript.name} / {outcome.exchange.name} / {one}"
            for outcome in self.outcomes
            if outcome.verdict == "different"
            for one in outcome.differences
            if one.kind == "value"
        ]
        hidden = len(lines) - SHOWN
        lines = lines[:SHOWN] + ([f"… and {hidden} more differences"] if hidden > 0 else [])
        return "\n".join(lines + [f"deviation without a difference: {one}" for one in self.stale()])


@dataclass(slots=True)
class _Session:
    player: Player
    transcript: Transcript
    binding: Binding
    wait: Callable[[float], None]
    deviations: Sequence[Deviation]
    listener: CallbackListener | None = None
    running: dict[int, Running] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    moments: Sequence[Moment] = field(init=False)

    def __post_init__(self) -> None:
        self.moments = timeline(self.transcript)

    def play(self, exchange: Exchange) -> None:
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

    def wait_for(self, moment: Moment) -> None:
        """Let time go by up to the moment an exchange starts at."""
        for index, frames in moment.frames.items():
            if index in self.running:
                self.running[index].wait_for_frames(frames, self.wait, self.player.patience)
        if moment.seconds > SHORTEST_PAUSE:
            self.wait(moment.seconds)

    def start(self, exchange: Exchange) -> Running:
        recorded = exchange.recorded
        leave_after = None
        if recorded is not None and recorded.client_closed_early:
            leave_after = len(recorded.frames or ())
        return self.player.start(self.binding.request(exchange.request), leave_after)

    def finish(self, indices: Sequence[int]) -> None:
        for index in sorted(indices, key=lambda one: self.moments[one].until):
            running = self.running.pop(index)
            answer = running.result(self.wait, self.player.patience)
            self.judge(self.transcript.exchanges[index], answer)

    def judge(self, exchange: Exchange, answer: Answer) -> None:
        if exchange.recorded is None:
            self.conclude(exchange, "unrecorded")
            return
        if not is_imitated(exchange, answer):
            self.conclude(exchange, "not imitated")
            return
        found = differences(self.transcript, exchange, answer, self.binding)
        if self.listener is not None:
            found += self.listener.differences(exchange, self.binding)
        entries = self.covering(exchange)
        self.outcomes[exchange.index] = _judged(exchange, found, entries, answer.status)

    def covering(self, exchange: Exchange) -> list[Deviation]:
        return covering(self.transcript.name, exchange.name, self.deviations)

    def conclude(self, exchange: Exchange, verdict: Verdict, note: str = "") -> None:
        self.outcomes[exchange.index] = Outcome(exchange, verdict, note=note)


def replay(
    transcript: Transcript,
    base_url: str,
    wait: Callable[[float], None] = time.sleep,
    deviations: Sequence[Deviation] = (*DEVIATIONS, *KINDS),
    listener: CallbackListener | None = None,
) -> Replay:
    """Send every exchange of a transcript to a fresh server and compare what it answers.

    `wait` lets so many of the server's seconds pass. The `listener` takes the recorded one's place.
    """
    if listener is not None:
        transcript = with_address(transcript, listener.recorded, listener.address)
    with Player(base_url) as player:
        session = _Session(player, transcript, Binding(transcript), wait, deviations, listener)
        for exchange in transcript.exchanges:
            session.play(exchange)
        session.finish(list(session.running))
    outcomes = [session.outcomes[one.index] for one in transcript.exchanges]
    return Replay(transcript, outcomes)


def _judged(
    exchange: Exchange, found: Sequence[Difference], entries: Sequence[Deviation], status: int
) -> Outcome:
    excused = {one: [e for e in entries if e.excuses(one, status)] for one in _hashable(found)}
    left = tuple(one for one, by in excused.items() if not by)
    used = tuple(entry for by in excused.values() for entry in by)
    if any(one.kind == "value" for one in left):
        return Outcome(exchange, "different", left, used)
    if left:
        return Outcome(exchange, "order", left, used)
    return Outcome(exchange, "deviation" if used else "equal", (), used)


def _hashable(found: Sequence[Difference]) -> list[Difference]:
    return [Difference(one.path, str(one.expected), str(one.got), one.kind) for one in found]
