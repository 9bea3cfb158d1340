"""Comparing whole answers: the reported differences of a live from a recorded one."""

import pytest

from mockletta.recordings.drift.answer_comparison import differences
from mockletta.recordings.drift.player import LiveAnswer
from mockletta.recordings.drift.scenario import (
    EventFrame,
    Scenario,
    ScenarioAnswer,
    ScenarioExchange,
    ScenarioRequest,
)
from mockletta.recordings.drift.value_comparison import AnswerDifference
from mockletta.recordings.drift.varying_values import IdBinding


def test_a_difference_is_told_in_a_line() -> None:
    assert str(AnswerDifference("$.a", 1, "x" * 200)).startswith("$.a: expected 1, got 'xxx")
    assert len(str(AnswerDifference("$.a", 1, "x" * 200))) < 200


@pytest.mark.parametrize(
    ("recorded", "text", "path"),
    [
        (ScenarioAnswer(200, {}, {"a": 1}), "oops", "$"),
        (ScenarioAnswer(200, {}, frames=(EventFrame({}),)), "oops", "stream"),
    ],
)
def test_an_answer_that_cannot_be_read_differs(
    recorded: ScenarioAnswer, text: str, path: str
) -> None:
    exchange = ScenarioExchange(0, "", ScenarioRequest("GET", "/", {}, {}), recorded)
    scenario = Scenario("a_file", [exchange])
    found = differences(scenario, exchange, LiveAnswer(200, {}, text), IdBinding(scenario))

    assert [one.path for one in found] == [path]
