"""Deviations excuse what they name, and must go on excusing something."""

from mockletta.recordings.drift.playing import Deviation, Outcome, PlayedScenario, Verdict
from mockletta.recordings.drift.scenario import (
    Scenario,
    ScenarioAnswer,
    ScenarioExchange,
    ScenarioRequest,
)
from mockletta.recordings.drift.value_comparison import AnswerDifference

from .deviations import DEVIATIONS
from .exchanges import transcripts

EXCHANGE = ScenarioExchange(
    0, "limit -1", ScenarioRequest("GET", "/", {}, {}), ScenarioAnswer(500, {})
)
ENTRY = Deviation("02", "limit *", "why", status=422)


def replayed(verdict: Verdict, *used: Deviation) -> PlayedScenario:
    return PlayedScenario(Scenario("02_a", (EXCHANGE,)), [Outcome(EXCHANGE, verdict, used=used)])


def test_a_status_is_excused_only_by_the_promised_one() -> None:
    difference = AnswerDifference("status", 500, 422)
    assert ENTRY.excuses(difference, 422)
    assert not ENTRY.excuses(difference, 400)
    assert not ENTRY.excuses(AnswerDifference("$.detail", 1, 2), 422)


def test_paths_are_globs() -> None:
    entry = Deviation("02", "*", "why", paths=("$[[]*].content",))
    assert entry.excuses(AnswerDifference("$[3].content", 1, 2), 200)
    assert not entry.excuses(AnswerDifference("$[3].id", 1, 2), 200)


def test_a_kind_is_known_by_the_values() -> None:
    entry = Deviation("", "*", "why", paths=("status",), expected="^500 ", got=r"^4\d\d ")
    assert entry.excuses(AnswerDifference("status", "500 null", "404 {}"), 404)
    assert not entry.excuses(AnswerDifference("status", "500 null", "200 {}"), 200)
    assert not entry.excuses(AnswerDifference("status", "400 {}", "404 {}"), 404)


def test_no_entry_covers_a_whole_file() -> None:
    assert [entry for entry in DEVIATIONS if entry.exchange == "*"] == []


def test_an_entry_that_excuses_nothing_is_stale() -> None:
    assert replayed("equal").stale([ENTRY]) == [ENTRY]
    assert replayed("deviation", ENTRY).stale([ENTRY]) == []


def test_an_entry_is_not_stale_where_nothing_was_judged() -> None:
    assert replayed("not imitated").stale([ENTRY]) == []
    assert replayed("different").stale([ENTRY]) == []


def test_every_entry_speaks_of_a_recorded_exchange() -> None:
    names = {(one.name, each.name) for one in transcripts() for each in one.exchanges}
    assert [entry for entry in DEVIATIONS if not any(entry.covers(*one) for one in names)] == []
