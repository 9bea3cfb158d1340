"""Sorted keys of rows, one index for each order of a list."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from sortedcontainers import SortedList

from mockletta.state.chunked_sequence import Chunks, Place

Key = tuple[Any, ...]
_LAST = itemgetter(-1)


class Arrivals(Chunks[Key]):
    """Keys in order of arrival. They only grow, so a new key is appended.

    `owner` is the table that may change them; other tables share them.
    """

    __slots__ = ("owner",)

    def __init__(self, owner: object, other: "Arrivals | None" = None) -> None:
        super().__init__(other)
        self.owner = owner

    def remove(self, key: Key) -> None:
        self.remove_at(self._from(key))

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


class Sorted:
    """Keys in any other order."""

    def __init__(self) -> None:
        self._keys = SortedList()

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
