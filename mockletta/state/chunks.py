"""A sequence that grows at its end and is cheap to copy: a copy shares all chunks but the last."""

from collections.abc import Iterator
from itertools import chain
from typing import Generic, TypeVar

Item = TypeVar("Item")
Place = tuple[int, int]
SIZE = 512
"""Items in a full chunk: what a copy costs is a reference per chunk and one chunk."""


class Chunks(Generic[Item]):
    """Items in chunks. A chunk that is full never changes again; the last one is not shared.

    A place is the number of a chunk and a number within it. As long as nothing is removed, the
    place of the item number `n` is `divmod(n, SIZE)`.
    """

    __slots__ = ("_chunks", "_length")

    def __init__(self, other: "Chunks[Item] | None" = None) -> None:
        """An empty sequence, or a copy of another; both can grow from then on."""
        self._chunks: list[list[Item]] = []
        self._length = 0
        if other is not None:
            shared, last = other._chunks[:-1], other._chunks[-1:]  # noqa: SLF001
            self._chunks = [*shared, *(chunk[:] for chunk in last)]
            self._length = len(other)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Item]:
        return chain.from_iterable(self._chunks)

    def append(self, item: Item) -> None:
        self._length += 1
        if self._chunks and len(self._chunks[-1]) < SIZE:
            self._chunks[-1].append(item)
        else:
            self._chunks.append([item])

    def remove_at(self, place: Place) -> None:
        number, within = place
        chunk = self._chunks[number]
        left = chunk[:within] + chunk[within + 1 :]
        self._length -= 1
        if left:
            self._chunks[number] = left
            return
        del self._chunks[number]
        if self._chunks:
            # What is the last chunk now may be shared, and will grow.
            self._chunks[-1] = self._chunks[-1][:]

    def cut(self, first: Place | None, end: Place | None, *, reverse: bool) -> Iterator[Item]:
        """The items from a place on and before another; None is no bound."""
        return chain.from_iterable(
            self._parts(first or (0, 0), end or (len(self._chunks), 0), reverse=reverse)
        )

    def _parts(self, first: Place, end: Place, *, reverse: bool) -> Iterator[Iterator[Item]]:
        numbers = range(first[0], min(end[0] + 1, len(self._chunks)))
        for number in reversed(numbers) if reverse else numbers:
            start = first[1] if number == first[0] else 0
            chunk = self._chunks[number]
            places = range(start, end[1] if number == end[0] else len(chunk))
            # One by one: a slice would touch every item, also those nobody comes to ask for.
            yield map(chunk.__getitem__, reversed(places) if reverse else places)
