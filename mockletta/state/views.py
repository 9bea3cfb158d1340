"""A list that is short enough to be paged over as it is."""

from collections.abc import Iterator, Sequence
from typing import Generic

from mockletta.state.table import Row


class ListView(Generic[Row]):
    """Rows in the order they are given in."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def key(self, row_id: str) -> int | None:
        return next((place for place, row in enumerate(self._rows) if row.id == row_id), None)

    def scan(self, above: int | None, below: int | None, *, reverse: bool) -> Iterator[Row]:
        first = 0 if above is None else above + 1
        end = len(self._rows) if below is None else below
        rows = self._rows[first:end]
        return iter(reversed(rows)) if reverse else iter(rows)
