"""Whole answers: what is told of a live one that differs from the recorded one."""

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
from mockletta.recordings.drift.varying_values import IdBinding


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
