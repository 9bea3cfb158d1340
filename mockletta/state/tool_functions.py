"""Python functions that a test registers as tools."""

from collections.abc import Callable
from inspect import iscoroutinefunction

from mockletta.errors import BadSettings

Function = Callable[..., object]
MOST = 1_000


class ToolFunctions:
    """Functions by the name of their tool. Only the test author adds functions; clients cannot."""

    def __init__(self) -> None:
        self._by_name: dict[str, Function] = {}

    def copy(self) -> "ToolFunctions":
        other = ToolFunctions()
        other._by_name.update(self._by_name)
        return other

    def find(self, name: str) -> Function | None:
        return self._by_name.get(name)

    def add(self, name: str, function: Function) -> None:
        """Register a function for a tool, or replace it. Raises BadSettings if it cannot be called
        there, or if there are already MOST functions."""
        if not isinstance(name, str) or not name or name == "<lambda>":
            raise BadSettings(
                f"tool({name!r}, ...) expects a name first, as in tool('get_weather', function)"
            )
        if not callable(function):
            raise BadSettings(f"tool({name!r}, ...) expects a function, received {function!r}")
        if iscoroutinefunction(function) or iscoroutinefunction(type(function).__call__):
            raise BadSettings(
                f"tool({name!r}, ...) expects a synchronous function: use `def`, not `async def`"
            )
        if name not in self._by_name and len(self._by_name) == MOST:
            raise BadSettings(f"tool({name!r}, ...): there are {MOST} functions already")
        self._by_name[name] = function
