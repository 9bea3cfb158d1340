"""How fast replies stream, and how that is spelled."""

from typing import Any

import pytest

from mockletta.world.pace import Pace


@pytest.mark.parametrize(
    ("line", "pace"),
    [
        ("ttft=0.5, tokens_per_second=20, jitter=0.2, chunk=4", Pace(0.5, 20, 0.2, 4)),
        ("keepalive=500ms", Pace(keepalive=0.5)),
        ("chunk=4,ttft=2", Pace(ttft=2, chunk=4)),
        (" ttft = 800ms ,", Pace(ttft=0.8)),
        ("ttft=1.25s", Pace(ttft=1.25)),
        ("tokens_per_second=0.5", Pace(tokens_per_second=1 / 2)),
        ("jitter=1", Pace(jitter=1)),
        ("", Pace()),
    ],
)
def test_a_pace_can_be_said_in_one_line(line: str, pace: Pace) -> None:
    assert Pace.parse(line) == pace


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("tps=20", "tps: unknown key; expected `"),
        ("tfft=1", "tfft: unknown key; did you mean `ttft`?"),
        ("ttft", "received 'ttft'"),
        ("ttft=-1", "received '-1'"),
        ("ttft=nan", "received 'nan'"),
        ("ttft=1d", "ttft: expected a number of seconds or a text such as `500ms`.*received '1d'"),
        ("jitter=1ms", "jitter: expected a number from 0 to 1, received '1ms'"),
        ("ttft=1e9", "received '1e9'"),
        ("ttft=86401", "ttft: .* from 0 to 86400, received '86401'"),
        ("tokens_per_second=0", "tokens_per_second: expected a number from 0.0001, received '0'"),
        ("jitter=1.1", "jitter: expected a number from 0 to 1, received '1.1'"),
        ("chunk=0", "chunk: expected a whole number from 1 to 10000, received '0'"),
        ("chunk=1.5", "chunk: expected a whole number from 1 to 10000, received '1.5'"),
        ("ttft=1, ttft=2", "expected ttft once, received 'ttft=1, ttft=2'"),
        ("ttft=" + "9" * 5_000, "ttft: expected a number of seconds "),
    ],
)
def test_a_line_that_is_no_pace_is_refused(line: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Pace.parse(line)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"ttft": -0.1}, "ttft: .* from 0 to 86400, received -0.1"),
        ({"tokens_per_second": float("nan")}, "tokens_per_second: .*, received nan"),
        ({"ttft": float("inf")}, "received inf"),
        ({"jitter": 2}, "jitter: expected a number from 0 to 1, received 2"),
        ({"jitter": "some"}, "received 'some'"),
        ({"chunk": True}, "received True"),
        ({"chunk": 2.5}, "chunk: expected a whole number .*, received 2.5"),
        ({"chunk": 10_001}, "received 10001"),
    ],
)
def test_a_pace_that_cannot_be_is_refused(parameters: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Pace(**parameters)


def test_durations_are_spelled_alike() -> None:
    assert Pace(ttft="500ms", keepalive="2s") == Pace(ttft=0.5, keepalive=2)


def test_a_speed_is_turned_to_seconds() -> None:
    speeds = (None, 4, float("inf"))
    assert [Pace(tokens_per_second=one).seconds_per_token for one in speeds] == [0, 0.25, 0]
