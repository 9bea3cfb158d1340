"""What the recorded tools returned: their code is not run here, so it is laid down."""

import json
from collections.abc import Callable, Mapping

from mockletta.brain.decisions import ToolResult

BOOM = "Error executing function boom_tool: ValueError: boom"


def _doubled(arguments: Mapping[str, object]) -> ToolResult:
    return ToolResult(str(int(str(arguments["x"])) * 2))


def _always(value: str) -> Callable[[Mapping[str, object]], ToolResult]:
    return lambda _: ToolResult(value)


TOOLS: Mapping[str, Callable[[Mapping[str, object]], ToolResult]] = {
    "guarded_tool": _doubled,
    "free_tool": _doubled,
    "default_guarded": _doubled,
    "boom_tool": lambda _: ToolResult(BOOM, "error", stderr=(BOOM,)),
    "print_tool": lambda _: ToolResult("ret", stdout=("hello stdout\n",)),
    "big_tool": _always("y" * 60_000),
    "dict_tool": _always("{'a': [1, 2]}"),
    "none_tool": _always("None"),
    "limit_tool": _always("z" * 500),
}


def result_of(name: str, arguments: str) -> ToolResult | None:
    """What a recorded tool returns for arguments that fit it."""
    try:
        given = json.loads(arguments)
    except ValueError:
        return None
    fits = set(given) == {"x"} and isinstance(given["x"], int)
    return TOOLS[name](given) if name in TOOLS and fits else None
