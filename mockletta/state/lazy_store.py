"""A store that nobody has looked into yet: what it is made of is not even loaded."""

from typing import TYPE_CHECKING

from mockletta.state.ids import Ids

if TYPE_CHECKING:
    from mockletta.state.store import Store

BASE_TOOLS = 26
"""How many tools every server has before anyone made one."""


class LazyStore:
    """The store of a new world: whenever it is opened, its base tools have the same ids."""

    def __init__(self, ids: Ids) -> None:
        self._tool_ids = [ids.new("tool") for _ in range(BASE_TOOLS)]

    def open(self) -> "Store":
        from mockletta.state.store import Store  # noqa: PLC0415 - it loads the shapes of all rows

        return Store(self._tool_ids)
