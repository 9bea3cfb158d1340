"""Rows by id, and ordered indexes over them.

Every row has a number in order of arrival; it breaks all ties. The index by arrival is always
kept; one by another sort key is built when it is first asked for and kept from then on.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

from sortedcontainers import SortedList

from mockletta.errors import RowNotFound


class HasId(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=HasId)
Scope = tuple[str, str]
ARRIVAL = ""


class Table(Generic[Row]):
    """Rows of one resource. Rows are immutable: a change replaces the row.

    `scopes` name the columns lists are cut by, `sorts` the other orders lists can have.
    """

    def __init__(
        self,
        noun: str,
        scopes: Mapping[str, Callable[[Row], str | None]] | None = None,
        sorts: Mapping[str, Callable[[Row], Any]] | None = None,
    ) -> None:
        self.noun = noun
        self._scopes = scopes or {}
        self._sorts = sorts or {}
        self._rows: dict[str, Row] = {}
        self._numbers: dict[str, int] = {}
        self._next_number = 0
        self._indexes: dict[str, dict[Scope | None, SortedList]] = {ARRIVAL: {}}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def __contains__(self, row_id: str) -> bool:
        return row_id in self._rows

    def find(self, row_id: str) -> Row | None:
        return self._rows.get(row_id)

    def get(self, row_id: str) -> Row:
        """The row; RowNotFound if there is none."""
        row = self._rows.get(row_id)
        if row is None:
            raise RowNotFound(self.noun, row_id)
        return row

    def add(self, row: Row) -> Row:
        self._rows[row.id] = row
        self._numbers[row.id] = self._next_number
        self._next_number += 1
        for sort in self._indexes:
            self._enter(sort, row)
        return row

    def replace(self, row: Row) -> Row:
        old = self._rows[row.id]
        self._rows[row.id] = row
        for sort in self._indexes:
            if sort != ARRIVAL and self._key(sort, old) != self._key(sort, row):
                self._leave(sort, old)
                self._enter(sort, row)
        return row

    def remove(self, row_id: str) -> Row:
        row = self.get(row_id)
        for sort in self._indexes:
            self._leave(sort, row)
        del self._rows[row_id], self._numbers[row_id]
        return row

    def view(self, scope: Scope | None = None, sort: str = ARRIVAL) -> "View[Row]":
        """The rows of a scope, ordered by arrival or by one of the table's sorts."""
        if sort not in self._indexes:
            self._indexes[sort] = {}
            for row in self._rows.values():
                self._enter(sort, row)
        return View(self, self._indexes[sort].get(scope, SortedList()), sort)

    def all(self, scope: Scope) -> list[Row]:
        """Every row of a scope in order of arrival."""
        return list(self.view(scope).scan(None, None, reverse=False))

    def count(self, scope: Scope) -> int:
        return len(self._indexes[ARRIVAL].get(scope, ()))

    def _key(self, sort: str, row: Row) -> tuple[Any, ...]:
        number = self._numbers[row.id]
        if sort == ARRIVAL:
            return (number, row.id)
        return (self._sorts[sort](row), number, row.id)

    def _scopes_of(self, row: Row) -> Iterator[Scope | None]:
        yield None
        for name, column in self._scopes.items():
            value = column(row)
            if value is not None:
                yield (name, value)

    def _enter(self, sort: str, row: Row) -> None:
        key, index = self._key(sort, row), self._indexes[sort]
        for scope in self._scopes_of(row):
            if scope not in index:
                index[scope] = SortedList()
            index[scope].add(key)

    def _leave(self, sort: str, row: Row) -> None:
        key, index = self._key(sort, row), self._indexes[sort]
        for scope in self._scopes_of(row):
            index[scope].remove(key)
            if not index[scope]:
                del index[scope]


class View(Generic[Row]):
    """Some rows of a table in one order: what a list is paged over."""

    def __init__(self, table: Table[Row], keys: SortedList, sort: str) -> None:
        self._table = table
        self._keys = keys
        self._sort = sort

    def key(self, row_id: str) -> Any:  # noqa: ANN401
        """The place of a row in this order, also of one outside the scope [02]."""
        row = self._table.find(row_id)
        return None if row is None else self._table._key(self._sort, row)  # noqa: SLF001

    def scan(self, above: Any, below: Any, *, reverse: bool) -> Iterator[Row]:  # noqa: ANN401
        rows = self._table._rows  # noqa: SLF001
        keys = self._keys.irange(above, below, inclusive=(False, False), reverse=reverse)
        return (rows[key[-1]] for key in keys)
