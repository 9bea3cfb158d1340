"""Many-to-many links, ordered from both sides."""

from collections.abc import Iterable


class Links:
    """Which right ids each left id is linked to, in order of linking; and the other way round."""

    def __init__(self) -> None:
        self._rights: dict[str, dict[str, None]] = {}
        self._lefts: dict[str, dict[str, None]] = {}

    def add(self, left: str, right: str) -> None:
        self._rights.setdefault(left, {})[right] = None
        self._lefts.setdefault(right, {})[left] = None

    def set_rights(self, left: str, rights: Iterable[str]) -> None:
        """Link a left id to these right ids instead of those it was linked to."""
        self.drop_left(left)
        for right in rights:
            self.add(left, right)

    def remove(self, left: str, right: str) -> None:
        del self._rights[left][right], self._lefts[right][left]

    def has(self, left: str, right: str) -> bool:
        return right in self._rights.get(left, ())

    def rights(self, left: str) -> list[str]:
        return list(self._rights.get(left, ()))

    def lefts(self, right: str) -> list[str]:
        return list(self._lefts.get(right, ()))

    def drop_left(self, left: str) -> None:
        for right in self._rights.pop(left, {}):
            del self._lefts[right][left]

    def drop_right(self, right: str) -> None:
        for left in self._lefts.pop(right, {}):
            del self._rights[left][right]
