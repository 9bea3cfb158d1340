"""Which times a query of steps accepts, where a client cannot bring the case about."""

from datetime import UTC, datetime

import pytest

from mockletta.api.runs.steps import StepsQuery

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "begun", "accepted"),
    [
        (StepsQuery(), None, True),
        (StepsQuery(start_date="2026-01-01"), None, False),
        (StepsQuery(end_date="2026-01-01"), None, False),
        (StepsQuery(start_date="2026-01-01T12:00:00"), NOON, True),
        (StepsQuery(start_date="2026-01-01T12:00:00-01:00"), NOON, False),
        (StepsQuery(end_date="2026-01-01T11:59:59Z"), NOON, False),
    ],
)
def test_a_step_is_accepted_by_when_its_run_began(
    query: StepsQuery, begun: datetime | None, accepted: bool
) -> None:
    assert query.is_in_time(begun) is accepted
