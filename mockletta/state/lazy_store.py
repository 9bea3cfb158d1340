"""A store that is created on first use, so that a server starts without loading row shapes."""

from typing import TYPE_CHECKING

from mockletta.state.ids import Ids

if TYPE_CHECKING:
    from mockletta.state.store import Store

BASE_TOOLS = 26
"""The number of base tools that each server has."""


class LazyStore:
    """Creates the store of a new world on first use. The ids of its base tools are drawn before."""

    def __init__(self, ids: Ids) -> None:
        self._tool_ids = [ids.new("tool") for _ in range(BASE_TOOLS)]

    def open(self) -> "Store":
        from mockletta.state.store import Store  # noqa: PLC0415 - it loads the shapes of all rows

        return Store(self._tool_ids)
