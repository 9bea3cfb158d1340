"""The arguments of a tool call: parsing, the check against a signature, the call."""

import json
from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import TypeVar

from mockletta.tools.returns import TOOL_ERRORS, ToolOutcome, failure, success

R = TypeVar("R")

EXECUTOR = "LettaCoreToolExecutor"
"""The class that holds the server's own tools; its name is part of their TypeErrors."""

THINKING = "thinking"
HEARTBEAT = "request_heartbeat"
FOR_THE_SERVER = (THINKING, HEARTBEAT)
"""Arguments that a model may add to those of any tool. Tools do not receive them [72]."""

CONVERSIONS: Mapping[object, Callable[..., object]] = {
    str: str,
    str | None: str,
    int: int,
    int | None: int,
    list[str] | None: list,
    list[str]: list,
    list[object]: list,
    bool: bool,
}


def parse_arguments(text: str) -> dict[str, object]:
    """Parse the JSON object in `text`, which may be quoted as a JSON string itself. Other text
    means no arguments [32 arguments not json]."""
    arguments = _parse(text)
    if isinstance(arguments, str):
        arguments = _parse(arguments)
    return arguments if isinstance(arguments, dict) else {}


def own_arguments(text: str) -> str:
    """Return arguments without those for the server."""
    if not any(name in text for name in FOR_THE_SERVER):
        return text
    arguments = parse_arguments(text)
    own = {name: value for name, value in arguments.items() if name not in FOR_THE_SERVER}
    return text if own == arguments else json.dumps(own)


def wrong_type_of(text: str) -> str | None:
    """Name the type of a JSON value that cannot be arguments; None for an object, a string and
    text that is not JSON [85 arguments list].

    >>> wrong_type_of("[1]"), wrong_type_of("{}"), wrong_type_of("{broken")
    ('list', None, None)
    """
    value = _parse(text)
    return None if isinstance(value, dict | str) else type(value).__name__


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}


def call_tool(tool: Callable[..., R], arguments: Mapping[str, object], *given: object) -> R:
    """Call a tool with the values that are `given` by position and a model's arguments by name."""
    return tool(*given, **bind(tool, arguments))


def outcome_of(
    tool: Callable[..., object], arguments: Mapping[str, object], *given: object
) -> ToolOutcome:
    """Call a tool. An error that it raises becomes an outcome."""
    try:
        return success(call_tool(tool, arguments, *given))
    except TOOL_ERRORS as error:
        return failure(tool.__name__, error)


def bind(tool: Callable[..., object], arguments: Mapping[str, object]) -> dict[str, object]:
    """Convert a model's arguments to the types that the signature of `tool` declares.

    Positional-only parameters are left to the caller. A null is ignored where there is a default.
    Raises TypeError for unknown and missing names in Python's words [56 memory_finish_edits], and
    the error of `int` for a bad number [32 argument wrong type].
    """
    parameters = {
        name: parameter
        for name, parameter in signature(tool).parameters.items()
        if parameter.kind is not Parameter.POSITIONAL_ONLY
    }
    method = f"{EXECUTOR}.{tool.__name__}()"
    for name in arguments:
        if name not in parameters:
            raise TypeError(f"{method} got an unexpected keyword argument '{name}'")
    required = [name for name, p in parameters.items() if p.default is Parameter.empty]
    missing = [name for name in required if name not in arguments]
    if missing:
        raise TypeError(f"{method} missing {missing_words(missing)}")
    return {
        name: CONVERSIONS[parameters[name].annotation](value)
        for name, value in arguments.items()
        if value is not None or name in required
    }


def missing_words(names: list[str]) -> str:
    """List missing arguments in Python's words.

    >>> missing_words(["a", "b"])
    "2 required positional arguments: 'a' and 'b'"
    """
    many = f"{len(names)} required positional argument{'s' if len(names) > 1 else ''}"
    return f"{many}: {_listed(names)}"


def _listed(names: list[str]) -> str:
    quoted = [repr(name) for name in names]
    if len(quoted) < 3:
        return " and ".join(quoted)
    return f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
