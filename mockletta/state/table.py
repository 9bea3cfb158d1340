"""Rows by id, with ordered indexes.

Every row has a number in order of arrival, which breaks ties. The index by arrival, the numbers by
id and the indexes of scopes catch up when they are read, or when many rows wait for it. The latter
two stand in batches of rows. An index by another sort key is built on first use and kept.

A copy takes hardly longer for more rows: rows and batches are shared, and what one of the tables
changes is copied then.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar

from immutables import Map, MapMutation

from mockletta.errors import RowNotFound
from mockletta.state.indexes import Arrivals, Batch, Index, Key, Scope, Sorted, ValueIndex
from mockletta.state.paging import HasId
from mockletta.wire.fields import LazyShape


class ChangedIds:
    """Ids of changed and of deleted rows. An id that was deleted and added again is in both."""

    __slots__ = ("_dropped", "_put")

    def __init__(self) -> None:
        self._put: dict[str, None] = {}
        self._dropped: dict[str, None] = {}

    def put(self, item: str) -> None:
        self._put[item] = None

    def drop(self, item: str) -> None:
        self._put.pop(item, None)
        self._dropped[item] = None

    def take(self) -> tuple[list[str], list[str]]:
        """Return the deleted ids, then the changed ids, each in order of first change, and forget
        them."""
        taken = list(self._dropped), list(self._put)
        self._dropped.clear()
        self._put.clear()
        return taken


Row = TypeVar("Row", bound=HasId)
Value = TypeVar("Value")
Name = TypeVar("Name", bound=Hashable)
ARRIVAL = ""
MANY = 1_000
MOST_UNLISTED = 2_000
"""The most rows that wait to be listed. Listing them takes about 2 ms."""
FEW_NEW = 10
"""The most rows that are counted without being listed."""
NOT_COUNTED: tuple[Scope | None, int, int] = (None, 0, 0)
_ID = itemgetter(-1)


def split_map(
    mutation: MapMutation[Name, Value],
) -> tuple[MapMutation[Name, Value], MapMutation[Name, Value]]:
    """Split a map into two equal ones that share nothing mutable. The original must not be used
    again."""
    shared = mutation.finish()
    return shared.mutate(), shared.mutate()


class Table(Generic[Row]):
    """Rows of one resource, all of one `shape`. Rows are immutable: a change replaces the row.

    `scopes` are the columns that restrict lists, `sorts` the other orders of lists, `filters`
    return the values by which lists are often filtered: an index of them is built on first use.
    `changed_ids` records changed ids, unless it is None. `changes` counts how often a row was
    replaced or removed.
    """

    def __init__(
        self,
        shape: type[Row] | LazyShape,
        noun: str,
        scopes: Mapping[str, Callable[[Row], str | None]] | None = None,
        sorts: Mapping[str, Callable[[Row], Any]] | None = None,
        filters: Mapping[str, Callable[[Row], Sequence[str]]] | None = None,
        *,
        keep_replaced: bool = False,
    ) -> None:
        self.replaced: list[tuple[Row, Row]] | None = [] if keep_replaced else None
        self._shape = shape
        self.noun = noun
        self._scopes = tuple((scopes or {}).items())
        self._sorts = sorts or {}
        self._filters = filters or {}
        self._value_indexes: dict[str, ValueIndex[Row]] = {}
        self._rows: MapMutation[str, Row] = Map[str, Row]().mutate()
        self._listed = 0
        self._unlisted: list[str] = []
        self.changes = 0
        self.changed_ids: ChangedIds | None = None
        self._owner = object()
        self._arrivals = Arrivals(self._owner)
        self._batches: list[Batch] = []
        self._sorted: dict[str, dict[Scope | None, Sorted]] = {}
        self._counted = NOT_COUNTED

    @property
    def shape(self) -> type[Row]:
        if isinstance(self._shape, LazyShape):
            shape: type[Row] = self._shape.load()
            self._shape = shape
        return self._shape

    def copy(self) -> "Table[Row]":
        """Return a copy that shares nothing mutable with the original.

        New rows are listed before: a thread may read the rows of a copy while it is copied again.
        """
        self._list_new_rows()
        kept = self.replaced is not None
        other: Table[Row] = type(self)(
            self._shape,
            self.noun,
            dict(self._scopes),
            self._sorts,
            self._filters,
            keep_replaced=kept,
        )
        self._rows, other._rows = split_map(self._rows)
        other._arrivals, other._batches = self._arrivals, self._batches.copy()
        other._listed = self._listed
        other.changes, other._counted = self.changes, self._counted
        self._owner = object()
        return other

    @property
    def row(self) -> Callable[[str], Row]:
        """The function that returns an existing row without a check."""
        return self._rows.__getitem__

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        self._list_new_rows()
        return map(self.row, map(_ID, self._arrivals))

    def __contains__(self, row_id: object) -> bool:
        return row_id in self._rows

    def find(self, row_id: str) -> Row | None:
        return self._rows.get(row_id)

    def get(self, row_id: str) -> Row:
        """Return a row. Raises RowNotFound if it does not exist."""
        row = self._rows.get(row_id)
        if row is None:
            raise RowNotFound(self.noun, row_id)
        return row

    def existing(self, row_ids: Iterable[str]) -> list[Row]:
        """Return the rows with these ids, without those that do not exist."""
        return [row for row in map(self._rows.get, row_ids) if row is not None]

    def add(self, row: Row) -> Row:
        row_id = row.id
        self._rows[row_id] = row
        self._unlisted.append(row_id)
        if len(self._unlisted) > MOST_UNLISTED:
            self._list_new_rows()
        if self._sorted or self._value_indexes:
            self._index(row)
        if self.changed_ids is not None:
            self.changed_ids.put(row_id)
        return row

    def replace(self, row: Row) -> Row:
        """Replace a row by a changed one, whose scopes must be the same."""
        row_id = row.id
        old = self._rows[row_id]
        self._rows[row_id] = row
        self.changes += 1
        if self.replaced is not None:
            self.replaced.append((old, row))
        if self._sorted or self._value_indexes:
            self._index_again(old, row)
        if self.changed_ids is not None:
            self.changed_ids.put(row_id)
        return row

    def _index(self, row: Row) -> None:
        for sort in self._sorted:
            self._enter(sort, row)
        for values in self._value_indexes.values():
            values.add(row)

    def _index_again(self, old: Row, row: Row) -> None:
        for sort in self._sorted:
            if self._key(sort, old) != self._key(sort, row):
                self._leave(sort, old)
                self._enter(sort, row)
        for values in self._value_indexes.values():
            values.replace(old, row)

    def remove(self, row_id: str) -> Row:
        row = self.get(row_id)
        self._list_new_rows()
        self.changes += 1
        self._counted = NOT_COUNTED
        for sort in self._sorted:
            self._leave(sort, row)
        for values in self._value_indexes.values():
            values.remove(row)
        key = self._key(ARRIVAL, row)
        self._own_arrivals()
        self._arrivals.remove(key)
        self._own_batch(self._place_of(row_id)).remove(key, self._scopes_of(row))
        del self._rows[row_id]
        if self.changed_ids is not None:
            self.changed_ids.drop(row_id)
        return row

    def view(self, scope: Scope | None = None, sort: str = ARRIVAL) -> "View[Row]":
        """Return the rows of a scope in order of arrival, or in one of the table's other orders."""
        if sort == ARRIVAL:
            self._list_new_rows()
            keys = self._arrivals if scope is None else Arrivals.joined(self._keys_in(scope))
            return View(self, keys, sort)
        if sort not in self._sorted:
            self._sorted[sort] = self._make_sorted(sort)
        return View(self, self._sorted[sort].get(scope, Sorted()), sort)

    def filtered(self, column: str, value: str, sort: str = ARRIVAL) -> "View[Row]":
        """Return the rows with a value in one of the filter columns.

        If there are many, return all rows: a page of them is found fast without an index.
        """
        return self._view_of(self._values(column).ids(value), sort)

    def has_index(self, column: str) -> bool:
        """Return whether there is an index of a filter column."""
        return column in self._filters

    def containing(self, column: str, text: str, sort: str = ARRIVAL) -> "View[Row]":
        """Return the rows whose value in a column contains a text, like `filtered`."""
        return self._view_of(self._values(column).ids_containing(text), sort)

    def _values(self, column: str) -> ValueIndex[Row]:
        if column not in self._value_indexes:
            self._value_indexes[column] = ValueIndex(self._filters[column], self)
        return self._value_indexes[column]

    def _view_of(self, ids: Collection[str], sort: str) -> "View[Row]":
        if len(ids) > MANY:
            return self.view(None, sort)
        keys = Sorted()
        for row_id in ids:
            keys.add(self._key(sort, self._rows[row_id]))
        return View(self, keys, sort)

    def all(self, scope: Scope) -> list[Row]:
        """Return all rows of a scope in order of arrival."""
        return list(self.view(scope).scan(None, None, reverse=False))

    def in_order(self, row_ids: Iterable[str]) -> list[Row]:
        """Return the rows with these ids, which must exist, in order of arrival."""
        self._list_new_rows()
        return [self.get(row_id) for row_id in sorted(row_ids, key=self._number)]

    def count(self, scope: Scope) -> int:
        """Count the rows of a scope. Those since it was counted last are compared, or a few new
        ones: to list them takes longer."""
        known, number, count = self._counted
        if known != scope:
            if len(self._unlisted) > FEW_NEW:
                self._list_new_rows()
            number, count = self._listed, sum(map(len, self._keys_in(scope)))
        if new := self._ids_from(number):
            name, value = scope
            column = next(column for known, column in self._scopes if known == name)
            count += [column(self._rows[row_id]) for row_id in new].count(value)
        self._counted = (scope, number + len(new), count)
        return count

    def _ids_from(self, number: int) -> list[str]:
        """Return the ids of the rows from a number on."""
        if number >= self._listed:
            return self._unlisted[number - self._listed :]
        listed = self._arrivals.newest(self._listed - number)
        return [*map(_ID, listed), *self._unlisted]

    def _list_new_rows(self) -> None:
        """Add the rows since the last call to a batch: the last one if it is small, else a new
        one."""
        if not self._unlisted:
            return
        keys = [*enumerate(self._unlisted, self._listed)]
        self._unlisted = []
        self._own_arrivals()
        self._arrivals.extend(keys)
        if not self._batches or len(self._batches[-1].numbers) >= MOST_UNLISTED:
            self._batches.append(Batch(self._owner))
        batch = self._own_batch(-1)
        batch.numbers.update({row_id: number for number, row_id in keys})
        rows = [self._rows[row_id] for _, row_id in keys] if self._scopes else []
        for name, column in self._scopes:
            scoped: defaultdict[str | None, list[Key]] = defaultdict(list)
            for value, key in zip(map(column, rows), keys, strict=True):
                scoped[value].append(key)
            for value, found in scoped.items():
                if value is not None:
                    batch.add((name, value), found)
        self._listed += len(keys)

    def _own_batch(self, place: int) -> Batch:
        """Return a batch for a change. One that another table shares is copied."""
        batch = self._batches[place]
        if batch.owner is not self._owner:
            batch = self._batches[place] = Batch(self._owner, batch)
        return batch

    def _keys_in(self, scope: Scope) -> list[Sequence[Key]]:
        return [keys for batch in self._batches if (keys := batch.keys.get(scope))]

    def _place_of(self, row_id: str) -> int:
        """Return the place of the batch of a listed row. Most often it is one of the last."""
        places = range(len(self._batches) - 1, -1, -1)
        return next(place for place in places if row_id in self._batches[place].numbers)

    def _number(self, row_id: str) -> int:
        return self._batches[self._place_of(row_id)].numbers[row_id]

    def _own_arrivals(self) -> None:
        """Copy the index by arrival before a change, if another table shares it."""
        if self._arrivals.owner is not self._owner:
            self._arrivals = Arrivals(self._owner, self._arrivals)

    def _key(self, sort: str, row: Row) -> Key:
        self._list_new_rows()
        number = self._number(row.id)
        if sort == ARRIVAL:
            return (number, row.id)
        return (self._sorts[sort](row), number, row.id)

    def _scopes_of(self, row: Row) -> list[Scope]:
        values = ((name, column(row)) for name, column in self._scopes)
        return [(name, value) for name, value in values if value is not None]

    def _make_sorted(self, sort: str) -> dict[Scope | None, Sorted]:
        self._list_new_rows()
        keys: defaultdict[Scope | None, list[Key]] = defaultdict(list)
        for number, row_id in self._arrivals:
            row = self.row(row_id)
            key = (self._sorts[sort](row), number, row_id)
            for scope in (None, *self._scopes_of(row)):
                keys[scope].append(key)
        return {scope: Sorted(found) for scope, found in keys.items()}

    def _enter(self, sort: str, row: Row) -> None:
        key, index = self._key(sort, row), self._sorted[sort]
        for scope in (None, *self._scopes_of(row)):
            index.setdefault(scope, Sorted()).add(key)

    def _leave(self, sort: str, row: Row) -> None:
        key, index = self._key(sort, row), self._sorted[sort]
        for scope in (None, *self._scopes_of(row)):
            index[scope].remove(key)
            if not index[scope]:
                del index[scope]


class View(Generic[Row]):
    """Rows of a table in one order, for paging."""

    def __init__(self, table: Table[Row], keys: Index, sort: str) -> None:
        self._table = table
        self._keys = keys
        self._sort = sort

    def key(self, row_id: str) -> Key | None:
        """Return the key of a row in this order, also of a row outside the scope [02]."""
        row = self._table.find(row_id)
        return None if row is None else self._table._key(self._sort, row)  # noqa: SLF001

    def scan(self, above: Key | None, below: Key | None, *, reverse: bool) -> Iterator[Row]:
        return map(self._table.row, map(_ID, self._keys.between(above, below, reverse=reverse)))

    def frozen(self) -> "View[Row]":
        return View(self._table.copy(), self._keys.frozen(), self._sort)
