"""Orders of short lists, which need no index to be paged."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic

from mockletta.state.table import Row


class ListView(Generic[Row]):
    """Rows in the order of a sequence."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def key(self, row_id: str) -> int | None:
        return next((place for place, row in enumerate(self._rows) if row.id == row_id), None)

    def scan(self, above: int | None, below: int | None, *, reverse: bool) -> Iterator[Row]:
        first = 0 if above is None else above + 1
        end = len(self._rows) if below is None else below
        rows = self._rows[first:end]
        return iter(reversed(rows)) if reverse else iter(rows)


class SortedNames:
    """Names in alphabetical order. A cursor is any name, also one that is not listed."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)

    def key(self, name: str) -> str:
        return name

    def scan(self, above: str | None, below: str | None, *, reverse: bool) -> Iterator[str]:
        first = 0 if above is None else bisect_right(self._names, above)
        end = len(self._names) if below is None else bisect_left(self._names, below)
        names = self._names[first:end]
        return iter(reversed(names)) if reverse else iter(names)
