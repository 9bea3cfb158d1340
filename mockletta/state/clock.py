"""The clock a world goes by."""

from datetime import UTC, datetime


class Clock:
    """Wall-clock time in UTC, with microseconds."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def spell_date(moment: datetime) -> str:
    """A message's `date`: whole seconds and an offset [10 plain text]."""
    return moment.isoformat(timespec="seconds")
