"""Many-to-many links, ordered from both sides."""

from collections.abc import Iterable

from immutables import Map, MapMutation

from mockletta.state.table import parted


class Links:
    """Which right ids each left id is linked to, in order of linking; and the other way round.

    A left id has few right ids, but a right id can have very many left ones: those are kept by
    their number in order of linking, and put in order when they are asked for.
    """

    def __init__(self) -> None:
        self._rights: MapMutation[str, tuple[str, ...]] = Map[str, tuple[str, ...]]().mutate()
        self._lefts: MapMutation[str, Map[str, int]] = Map[str, Map[str, int]]().mutate()
        self._next_number = 0

    def copy(self) -> "Links":
        """Links that start the same and share nothing that changes."""
        other = Links()
        self._rights, other._rights = parted(self._rights)
        self._lefts, other._lefts = parted(self._lefts)
        other._next_number = self._next_number
        return other

    def add(self, left: str, right: str) -> None:
        rights = self._rights.get(left, ())
        if right in rights:
            return
        self._rights[left] = (*rights, right)
        lefts = self._lefts.get(right)
        self._lefts[right] = (Map() if lefts is None else lefts).set(left, self._next_number)
        self._next_number += 1

    def set_rights(self, left: str, rights: Iterable[str]) -> None:
        """Link a left id to these right ids instead of those it was linked to."""
        self.drop_left(left)
        for right in rights:
            self.add(left, right)

    def remove(self, left: str, right: str) -> None:
        self._drop_from_left(left, right)
        self._drop_from_right(right, left)

    def has(self, left: str, right: str) -> bool:
        return right in self._rights.get(left, ())

    def rights(self, left: str) -> list[str]:
        return list(self._rights.get(left, ()))

    def lefts(self, right: str) -> list[str]:
        numbers = self._lefts.get(right, Map[str, int]())
        return sorted(numbers, key=numbers.__getitem__)

    def drop_left(self, left: str) -> None:
        for right in self._rights.pop(left, ()):
            self._drop_from_right(right, left)

    def drop_right(self, right: str) -> None:
        for left in self._lefts.pop(right, ()):
            self._drop_from_left(left, right)

    def _drop_from_left(self, left: str, right: str) -> None:
        kept = tuple(item for item in self._rights[left] if item != right)
        if kept:
            self._rights[left] = kept
        else:
            del self._rights[left]

    def _drop_from_right(self, right: str, left: str) -> None:
        kept = self._lefts[right].delete(left)
        if kept:
            self._lefts[right] = kept
        else:
            del self._lefts[right]
