"""What a test author's tools do: Python functions by the tools' names."""

from collections.abc import Callable
from inspect import iscoroutinefunction

from mockletta.errors import BadSettings

Function = Callable[..., object]
MOST = 1_000


class ToolFunctions:
    """Functions by the names of the tools they are run for. Only the test author adds some: what
    clients send never becomes one."""

    def __init__(self) -> None:
        self._by_name: dict[str, Function] = {}

    def copy(self) -> "ToolFunctions":
        other = ToolFunctions()
        other._by_name.update(self._by_name)
        return other

    def find(self, name: str) -> Function | None:
        return self._by_name.get(name)

    def add(self, name: str, function: Function) -> None:
        """Have a function run for a tool, instead of another if there was one; BadSettings for
        what cannot be run there, and for more than MOST of them."""
        if not isinstance(name, str) or not name or name == "<lambda>":
            raise BadSettings(f"A tool's name is due, not {name!r}: tool('get_weather', function)")
        if not callable(function):
            raise BadSettings(f"tool({name!r}, ...): a function is due, not {function!r}")
        if iscoroutinefunction(function) or iscoroutinefunction(type(function).__call__):
            raise BadSettings(f"tool({name!r}, ...): the function is asynchronous; `def` is due")
        if name not in self._by_name and len(self._by_name) == MOST:
            raise BadSettings(f"tool({name!r}, ...): there are {MOST} functions already")
        self._by_name[name] = function
