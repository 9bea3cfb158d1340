"""Cron expressions: when a recurring schedule is next due."""

from datetime import datetime


def next_time(expression: str, after: datetime) -> datetime:
    """Return the first time after a moment that matches a cron expression, in the moment's time
    zone.

    Raises ValueError if the expression is invalid or matches no time within 50 years.
    """
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - few worlds have a schedule

    try:
        return next(CronSim(expression, after))
    except (CronSimError, StopIteration) as error:
        raise ValueError(f"{expression!r} is not a cron expression: {error}") from error
