"""When a recurring time comes next."""

from datetime import datetime


def next_time(expression: str, after: datetime) -> datetime:
    """The first time after a moment that a cron expression names, in the moment's zone. ValueError
    for what is no cron expression, or names no time within 50 years."""
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - few worlds have a schedule

    try:
        return next(CronSim(expression, after))
    except (CronSimError, StopIteration) as error:
        raise ValueError(f"{expression!r} is no cron expression: {error}") from error
