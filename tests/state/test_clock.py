"""Time as messages spell it."""

from datetime import UTC, datetime

from mockletta.state.clock import Clock, spell_date


def test_a_date_has_whole_seconds_and_an_offset() -> None:
    moment = datetime(2026, 11, 22, 9, 5, 7, 999_999, tzinfo=UTC)

    assert spell_date(moment) == "2026-11-22T09:05:07+00:00"


def test_the_clock_of_a_world_goes_in_utc() -> None:
    before = datetime.now(UTC)
    now = Clock().now()

    assert now.tzinfo is UTC
    assert before <= now <= datetime.now(UTC)
