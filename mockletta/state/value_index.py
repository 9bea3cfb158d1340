"""The ids of rows by the values that lists are filtered by."""

from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Indexed = TypeVar("Indexed", bound=_HasId)


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
