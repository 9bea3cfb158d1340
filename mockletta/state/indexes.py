"""Indexes of tables: keys in order of arrival, keys in other orders, and ids by values.

Tables that are copies share indexes until one of them changes an index: it copies the last chunk
then, and shares the others.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, Generic, TypeVar

from sortedcontainers import SortedList

from mockletta.search.like_patterns import is_like
from mockletta.state.paging import HasId

Item = TypeVar("Item")
Place = tuple[int, int]
SIZE = 512
"""The number of items in a full chunk. A copy costs a reference for each chunk, and one chunk."""
FEW = 32
"""The most keys of a scope in a batch that are a tuple."""
Key = tuple[Any, ...]
Scope = tuple[str, str]
"""A column and its value, which rows of a scope share."""
Indexed = TypeVar("Indexed", bound=HasId)
_LAST = itemgetter(-1)


class Chunks(Generic[Item]):
    """Items in chunks. Full chunks are shared, so a removal replaces one; the last one is not.

    `_before` items are in the chunks before the last. A place is the number of a chunk and a number
    within it. As long as nothing is removed, the place of the item number `n` is `divmod(n, SIZE)`.
    """

    __slots__ = ("_before", "_full", "_last")

    def __init__(self, other: "Chunks[Item] | None" = None) -> None:
        """Create an empty sequence, or a copy of another; both can grow from then on."""
        self._full: tuple[Sequence[Item], ...] = () if other is None else other._full  # noqa: SLF001
        self._before: int = 0 if other is None else other._before  # noqa: SLF001
        self._last: list[Item] = [] if other is None else other._last[:]  # noqa: SLF001

    def __len__(self) -> int:
        return self._before + len(self._last)

    def __iter__(self) -> Iterator[Item]:
        return chain(chain.from_iterable(self._full), self._last)

    def append(self, item: Item) -> None:
        if len(self._last) == SIZE:
            self._start_chunk()
        self._last.append(item)

    def extend(self, items: Sequence[Item]) -> None:
        place = 0
        while place < len(items):
            if len(self._last) == SIZE:
                self._start_chunk()
            fitting = items[place : place + SIZE - len(self._last)]
            self._last.extend(fitting)
            place += len(fitting)

    def _start_chunk(self) -> None:
        self._full = (*self._full, self._last)
        self._before += SIZE
        self._last = []

    def newest(self, count: int) -> Sequence[Item]:
        """Return so many of the last items, at least one. Older chunks are not read."""
        found = self._last[-count:]
        for chunk in reversed(self._full):
            missing = count - len(found)
            if missing <= 0:
                break
            found = [*chunk[-missing:], *found]
        return found

    def remove_at(self, place: Place) -> None:
        number, within = place
        full = self._full
        if number == len(full):
            del self._last[within]
        else:
            self._before -= 1
            left = [*full[number][:within], *full[number][within + 1 :]]
            self._full = (*full[:number], *([left] if left else []), *full[number + 1 :])

    def cut(self, first: Place | None, end: Place | None, *, reverse: bool) -> Iterator[Item]:
        """Yield the items from a place on and before another; None is no bound."""
        return chain.from_iterable(
            self._parts(first or (0, 0), end or (len(self._full) + 1, 0), reverse=reverse)
        )

    def _parts(self, first: Place, end: Place, *, reverse: bool) -> Iterator[Iterator[Item]]:
        numbers = range(first[0], min(end[0], len(self._full)) + 1)
        for number in reversed(numbers) if reverse else numbers:
            chunk = self._chunk(number)
            start = first[1] if number == first[0] else 0
            places = range(start, end[1] if number == end[0] else len(chunk))
            # One by one: a slice would touch every item, also those that the page does not need.
            yield map(chunk.__getitem__, reversed(places) if reverse else places)

    def _chunk(self, number: int) -> Sequence[Item]:
        return self._full[number] if number < len(self._full) else self._last


class Arrivals(Chunks[Key]):
    """Keys in order of arrival. They only grow, so a new key is appended.

    `owner` is the table that may change them; other tables share them.
    """

    __slots__ = ("owner",)

    def __init__(self, owner: object, other: "Arrivals | None" = None) -> None:
        super().__init__(other)
        self.owner = owner

    @classmethod
    def joined(cls, parts: Iterable[Sequence[Key]]) -> "Arrivals":
        """Join several parts, none of them empty, for reading."""
        keys = cls(None)
        keys._full = tuple(parts)
        keys._before = sum(map(len, keys._full))
        return keys

    def remove(self, key: Key) -> None:
        self.remove_at(self._from(key))

    def frozen(self) -> "Arrivals":
        """Return the keys. A table copies them before it changes them."""
        return self

    def between(self, above: Key | None, below: Key | None, *, reverse: bool) -> Iterator[Key]:
        """Return the keys between two others, both exclusive; None means no bound."""
        first = None if above is None else self._after(above)
        end = None if below is None else self._from(below)
        return self.cut(first, end, reverse=reverse)

    def _from(self, key: Key) -> Place:
        """Return the position of the first key that is not less than this one."""
        number = bisect_left(self._full, key, key=_LAST)
        return number, bisect_left(self._chunk(number), key)

    def _after(self, key: Key) -> Place:
        """Return the position of the first key that is greater than this one."""
        number = bisect_right(self._full, key, key=_LAST)
        return number, bisect_right(self._chunk(number), key)


class Batch:
    """Rows that a table has listed: their numbers by id, and their keys by scope. `owner` is the
    table that may change it; other tables share it.

    Few keys are a tuple, which the garbage collector forgets. Many are a list, which can grow.
    """

    __slots__ = ("keys", "numbers", "owner")

    def __init__(self, owner: object, other: "Batch | None" = None) -> None:
        self.owner = owner
        self.numbers: dict[str, int] = {} if other is None else other.numbers.copy()
        self.keys: dict[Scope, tuple[Key, ...] | list[Key]] = {}
        if other is not None:
            self.keys = {scope: keys[:] for scope, keys in other.keys.items()}

    def add(self, scope: Scope, keys: Sequence[Key]) -> None:
        """Add keys of new rows to a scope."""
        known = self.keys.get(scope, ())
        if isinstance(known, list):
            known.extend(keys)
        elif len(known) + len(keys) > FEW:
            self.keys[scope] = [*known, *keys]
        else:
            self.keys[scope] = (*known, *keys)

    def remove(self, key: Key, scopes: Iterable[Scope]) -> None:
        """Remove a row from the batch and from its scopes."""
        del self.numbers[key[-1]]
        for scope in scopes:
            keys = self.keys[scope]
            place = bisect_left(keys, key)
            if isinstance(keys, list):
                del keys[place]
            else:
                keys = self.keys[scope] = keys[:place] + keys[place + 1 :]
            if not keys:
                del self.keys[scope]


class Sorted:
    """Keys in any other order."""

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._keys = SortedList(keys)

    def frozen(self) -> "Sorted":
        return Sorted(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Key) -> None:
        self._keys.add(key)

    def remove(self, key: Key) -> None:
        self._keys.remove(key)

    def between(self, above: Key | None, below: Key | None, *, reverse: bool) -> Iterator[Key]:
        """Return the keys between two others, both exclusive; None means no bound."""
        keys: Iterator[Key] = self._keys.irange(
            above, below, inclusive=(False, False), reverse=reverse
        )
        return keys


Index = Arrivals | Sorted


class ValueIndex(Generic[Indexed]):
    """The ids of rows by the values that `values_of` returns for them, such as their tags."""

    def __init__(
        self, values_of: Callable[[Indexed], Iterable[str]], rows: Iterable[Indexed]
    ) -> None:
        self._values_of = values_of
        self._ids: dict[str, set[str]] = {}
        for row in rows:
            self.add(row)

    def ids(self, value: str) -> frozenset[str]:
        return frozenset(self._ids.get(value, ()))

    def ids_containing(self, text: str) -> set[str]:
        """Return the ids of rows with a value that contains a text, in any case. `%` and `_` are
        wildcards."""
        wanted = text.lower()
        found = (ids for value, ids in self._ids.items() if is_like(value.lower(), wanted))
        return {one for ids in found for one in ids}

    def add(self, row: Indexed) -> None:
        for value in self._values_of(row):
            self._ids.setdefault(value, set()).add(row.id)

    def remove(self, row: Indexed) -> None:
        for value in self._values_of(row):
            ids = self._ids[value]
            ids.discard(row.id)
            if not ids:
                del self._ids[value]

    def replace(self, old: Indexed, new: Indexed) -> None:
        if self._values_of(old) != self._values_of(new):
            self.remove(old)
            self.add(new)
