"""Tables whose rows can be added in a short form. A row is made when it is first read."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from mockletta.state.paging import HasId
from mockletta.state.table import Table

Row = TypeVar("Row", bound=HasId)
Row_co = TypeVar("Row_co", covariant=True)


class LazyRow(HasId, Protocol[Row_co]):
    """A short form of a row. It also has the columns of its table's scopes.

    It never changes, since copies of the table share it.
    """

    def make(self) -> Row_co: ...


class LazyTable(Table[Row]):
    """A table that also takes lazy rows. All readers get made rows, except those of `stored`."""

    def add_lazily(self, row: LazyRow[Row]) -> None:
        unmade: Any = row
        self.add(unmade)

    def replace_lazily(self, row: LazyRow[Row]) -> None:
        """Replace a row like `replace`."""
        unmade: Any = row
        self.replace(unmade)

    def stored(self, row_id: str) -> Row | LazyRow[Row]:
        """Return a row as it is stored. Raises RowNotFound if it does not exist."""
        row: Row | LazyRow[Row] = super().get(row_id)
        return row

    @property
    def row(self) -> Callable[[str], Row]:
        return self.get

    def find(self, row_id: str) -> Row | None:
        row = super().find(row_id)
        return None if row is None else self._made(row)

    def get(self, row_id: str) -> Row:
        return self._made(super().get(row_id))

    def existing(self, row_ids: Iterable[str]) -> list[Row]:
        return list(map(self._made, super().existing(row_ids)))

    def _made(self, row: Any) -> Row:  # noqa: ANN401
        if isinstance(row, self.shape):
            return row
        made: Row = row.make()
        self._rows[row.id] = made
        return made
