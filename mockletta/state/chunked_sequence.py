"""A sequence that grows at its end and is cheap to copy: a copy shares all chunks but the last."""

from collections.abc import Iterator
from itertools import chain
from typing import Generic, TypeVar

Item = TypeVar("Item")
Place = tuple[int, int]
SIZE = 512
"""Items in a full chunk: what a copy costs is a reference per chunk and one chunk."""


class Chunks(Generic[Item]):
    """Items in chunks. Those that are full never change again and are shared; the last is not.
    `_before` items are in the chunks before the last.

    A place is the number of a chunk and a number within it. As long as nothing is removed, the
    place of the item number `n` is `divmod(n, SIZE)`.
    """

    __slots__ = ("_before", "_full", "_last")

    def __init__(self, other: "Chunks[Item] | None" = None) -> None:
        """An empty sequence, or a copy of another; both can grow from then on."""
        self._full: tuple[list[Item], ...] = () if other is None else other._full  # noqa: SLF001
        self._before: int = 0 if other is None else other._before  # noqa: SLF001
        self._last: list[Item] = [] if other is None else other._last[:]  # noqa: SLF001

    def __len__(self) -> int:
        return self._before + len(self._last)

    def __iter__(self) -> Iterator[Item]:
        return chain(chain.from_iterable(self._full), self._last)

    def append(self, item: Item) -> None:
        if len(self._last) == SIZE:
            self._full = (*self._full, self._last)
            self._before += SIZE
            self._last = []
        self._last.append(item)

    def remove_at(self, place: Place) -> None:
        number, within = place
        full = self._full
        if number == len(full):
            del self._last[within]
        else:
            self._before -= 1
            left = full[number][:within] + full[number][within + 1 :]
            self._full = (*full[:number], *([left] if left else []), *full[number + 1 :])

    def cut(self, first: Place | None, end: Place | None, *, reverse: bool) -> Iterator[Item]:
        """The items from a place on and before another; None is no bound."""
        return chain.from_iterable(
            self._parts(first or (0, 0), end or (len(self._full) + 1, 0), reverse=reverse)
        )

    def _parts(self, first: Place, end: Place, *, reverse: bool) -> Iterator[Iterator[Item]]:
        numbers = range(first[0], min(end[0], len(self._full)) + 1)
        for number in reversed(numbers) if reverse else numbers:
            chunk = self._chunk(number)
            start = first[1] if number == first[0] else 0
            places = range(start, end[1] if number == end[0] else len(chunk))
            # One by one: a slice would touch every item, also those nobody comes to ask for.
            yield map(chunk.__getitem__, reversed(places) if reverse else places)

    def _chunk(self, number: int) -> list[Item]:
        return self._full[number] if number < len(self._full) else self._last
