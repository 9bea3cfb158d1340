"""Many-to-many links, ordered from both sides."""

from collections.abc import Iterable, Mapping

from immutables import Map, MapMutation

from mockletta.state.changed_ids import ChangedIds
from mockletta.state.table import parted


class Links:
    """Which right ids each left id is linked to, in order of linking; and the other way round.

    `left` and `right` name the tables that the ids are of.
    A left id has few right ids, but a right id can have very many left ones: those are kept by
    their number in order of linking, and put in order when they are asked for. The left ids whose
    links change are noted in `noted` if somebody wants to know of them.
    """

    def __init__(self, left: str, right: str) -> None:
        self.left = left
        self.right = right
        self._rights: MapMutation[str, tuple[str, ...]] = Map[str, tuple[str, ...]]().mutate()
        self._lefts: MapMutation[str, Map[str, int]] = Map[str, Map[str, int]]().mutate()
        self._next_number = 0
        self.noted: ChangedIds | None = None

    def copy(self) -> "Links":
        """Links that start the same and share nothing that changes."""
        other = Links(self.left, self.right)
        self._rights, other._rights = parted(self._rights)
        self._lefts, other._lefts = parted(self._lefts)
        other._next_number = self._next_number
        return other

    def add(self, left: str, right: str) -> None:
        if not self.has(left, right):
            self._link(left, right, self._next_number)

    def numbered(self, left: str) -> dict[str, int]:
        """The right ids of a left one in order of linking, each with its number in that order."""
        return {right: self._lefts[right][left] for right in self._rights.get(left, ())}

    def set_numbered(self, left: str, rights: Mapping[str, int]) -> None:
        """Link a left id to right ids with the numbers that `numbered` gave them."""
        self.drop_left(left)
        for right, number in rights.items():
            self._link(left, right, number)

    def set_rights(self, left: str, rights: Iterable[str]) -> None:
        """Link a left id to these right ids instead of those it was linked to."""
        self.drop_left(left)
        for right in rights:
            self.add(left, right)

    def remove(self, left: str, right: str) -> None:
        self._drop_from_left(left, right)
        self._drop_from_right(right, left)

    def discard(self, left: str, right: str) -> None:
        """Remove a link if there is one."""
        if self.has(left, right):
            self.remove(left, right)

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
            self._note(left)

    def drop_right(self, right: str) -> None:
        for left in self._lefts.pop(right, ()):
            self._drop_from_left(left, right)

    def _link(self, left: str, right: str, number: int) -> None:
        self._rights[left] = (*self._rights.get(left, ()), right)
        self._lefts[right] = self._lefts.get(right, Map[str, int]()).set(left, number)
        self._next_number = max(self._next_number, number + 1)
        self._note(left)

    def _note(self, left: str) -> None:
        if self.noted is not None:
            self.noted.put(left)

    def _drop_from_left(self, left: str, right: str) -> None:
        self._note(left)
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
