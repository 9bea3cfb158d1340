"""Times in the system prompt."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mockletta.turns.context.system_prompt import spell_time


@pytest.mark.parametrize(
    ("moment", "zone", "text"),
    [
        ("2026-11-22T20:47:19", None, "2026-11-22 08:47:19 PM UTC+0000"),
        ("2026-11-22T20:47:19", "Asia/Tokyo", "2026-11-23 05:47:19 AM JST+0900"),
        ("1969-12-31T23:59:58.500000", "UTC", "1969-12-31 11:59:58 PM UTC+0000"),
        ("9998-12-31T23:59:59.999999", "", "9998-12-31 11:59:59 PM UTC+0000"),
    ],
)
def test_a_time_is_spelled_without_fractions_of_its_second(
    moment: str, zone: str | None, text: str
) -> None:
    assert spell_time(datetime.fromisoformat(f"{moment}+00:00"), zone) == text


def test_a_time_is_spelled_the_same_from_any_zone() -> None:
    moment = datetime(2026, 11, 22, 20, 47, 19, 5, tzinfo=UTC)
    for hours in (-9, 0, 9):
        there = moment.astimezone(timezone(timedelta(hours=hours)))
        assert spell_time(there, "UTC") == "2026-11-22 08:47:19 PM UTC+0000"
