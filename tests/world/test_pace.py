"""How fast replies stream, and how that is spelled."""

from typing import Any

import pytest

from mockletta.world.pace import Pace, seconds_per_token


@pytest.mark.parametrize(
    ("line", "pace"),
    [
        ("ttft=0.5, tokens_per_second=20, jitter=0.2, chunk=4", Pace(0.5, 0.05, 0.2, 4)),
        ("keepalive=500ms", Pace(keepalive=0.5)),
        ("chunk=4,ttft=2", Pace(first_token=2, chunk=4)),
        (" ttft = 800ms ,", Pace(first_token=0.8)),
        ("ttft=1.25s", Pace(first_token=1.25)),
        ("tokens_per_second=0.5", Pace(token=2)),
        ("jitter=1", Pace(jitter=1)),
        ("", Pace()),
    ],
)
def test_a_pace_can_be_said_in_one_line(line: str, pace: Pace) -> None:
    assert Pace.parse(line) == pace


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("tps=20", "expected a pace such as 'ttft=0.5, .*', received 'tps=20'"),
        ("ttft", "received 'ttft'"),
        ("ttft=-1", "received 'ttft=-1'"),
        ("ttft=nan", "received 'ttft=nan'"),
        ("ttft=1h", "received 'ttft=1h'"),
        ("jitter=1ms", "received 'jitter=1ms'"),
        ("ttft=1e9", "received 'ttft=1e9'"),
        ("ttft=86401", "expected first_token from 0 to 86400, received 86401.0"),
        ("tokens_per_second=0", "expected tokens_per_second from .* to inf, received 0.0"),
        ("jitter=1.1", "expected jitter from 0 to 1, received 1.1"),
        ("chunk=0", "expected chunk from 1 to 10000, received 0"),
        ("chunk=1.5", "expected a whole number as chunk, received 1.5"),
        ("ttft=1, ttft=2", "expected ttft once, received 'ttft=1, ttft=2'"),
        ("ttft=" + "9" * 5_000, "expected a pace such as"),
    ],
)
def test_a_line_that_is_no_pace_is_refused(line: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Pace.parse(line)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"first_token": -0.1}, "expected first_token from 0 to 86400, received -0.1"),
        ({"token": float("nan")}, "expected token from 0 to 86400, received nan"),
        ({"token": float("inf")}, "received inf"),
        ({"jitter": 2}, "expected jitter from 0 to 1, received 2"),
        ({"jitter": "some"}, "received 'some'"),
        ({"chunk": True}, "received True"),
        ({"chunk": 2.5}, "expected a whole number as chunk, received 2.5"),
        ({"chunk": 10_001}, "received 10001"),
    ],
)
def test_a_pace_that_cannot_be_is_refused(parameters: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Pace(**parameters)


def test_a_speed_is_turned_to_seconds() -> None:
    assert [seconds_per_token(speed) for speed in (None, 4, float("inf"))] == [0, 0.25, 0]
