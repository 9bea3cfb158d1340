"""Many-to-many links, ordered from both sides."""

from collections.abc import Iterable, Mapping

from immutables import Map, MapMutation

from mockletta.state.table import ChangedIds, split_map


class Links:
    """Links between the ids of two tables, `left` and `right`, in order of linking.

    A left id has few right ids, but a right id can have very many left ids. Left ids are kept with
    their number in order of linking and sorted when they are read. `changed_ids` records the left
    ids whose links change, unless it is None.
    """

    def __init__(self, left: str, right: str) -> None:
        self.left = left
        self.right = right
        self._rights: MapMutation[str, tuple[str, ...]] = Map[str, tuple[str, ...]]().mutate()
        self._lefts: MapMutation[str, Map[str, int]] = Map[str, Map[str, int]]().mutate()
        self._next_number = 0
        self.changed_ids: ChangedIds | None = None

    def copy(self) -> "Links":
        """Return a copy that shares nothing mutable with the original."""
        other = Links(self.left, self.right)
        self._rights, other._rights = split_map(self._rights)
        self._lefts, other._lefts = split_map(self._lefts)
        other._next_number = self._next_number
        return other

    def add(self, left: str, right: str) -> None:
        if not self.has(left, right):
            self._link(left, right, self._next_number)

    def numbered(self, left: str) -> dict[str, int]:
        """Return the right ids of a left id in order of linking, each with its number."""
        return {right: self._lefts[right][left] for right in self._rights.get(left, ())}

    def set_numbered(self, left: str, rights: Mapping[str, int]) -> None:
        """Link a left id to right ids, with the numbers that `numbered` returned."""
        self.drop_left(left)
        for right, number in rights.items():
            self._link(left, right, number)

    def set_rights(self, left: str, rights: Iterable[str]) -> None:
        """Replace the right ids that a left id is linked to."""
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
            self._record(left)

    def drop_right(self, right: str) -> None:
        for left in self._lefts.pop(right, ()):
            self._drop_from_left(left, right)

    def _link(self, left: str, right: str, number: int) -> None:
        self._rights[left] = (*self._rights.get(left, ()), right)
        self._lefts[right] = self._lefts.get(right, Map[str, int]()).set(left, number)
        self._next_number = max(self._next_number, number + 1)
        self._record(left)

    def _record(self, left: str) -> None:
        if self.changed_ids is not None:
            self.changed_ids.put(left)

    def _drop_from_left(self, left: str, right: str) -> None:
        self._record(left)
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
