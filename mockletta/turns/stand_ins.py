"""What a tool returns that has no code here: a value that stands in, of the type it declares.

No code of a client is ever run. A call whose arguments do not fit the tool's schema fails as it
would on the real server [32 argument *].
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mockletta.turns.tool_returns import ToolOutcome, error_text, success
from mockletta.turns.tool_sources import last_function, parse_source, root_of
from mockletta.wire.tools import Tool

NOTE = "This is a stand-in: mockletta does not run the tool {name}."
LISTS = {"list", "sequence", "iterable", "tuple", "set"}
MAPPINGS = {"dict", "mapping"}
PLAIN: Mapping[str, object] = {"int": 0, "float": 0.0, "bool": False, "none": None}
NUMBERS: Mapping[str, Callable[[str], object]] = {"integer": int, "number": float}


def stand_in(tool: Tool, arguments: Mapping[str, object]) -> ToolOutcome:
    """Answer a call in the tool's place; it says that it does, in its output if not its value."""
    failed = refused(tool, arguments)
    if failed is not None:
        return failed
    note = NOTE.format(name=tool.name)
    outcome = success(_value(_declared(tool), note))
    stdout = () if outcome.text == note else (note,)
    return ToolOutcome(outcome.text, data=outcome.data, stdout=stdout, stderr=())


def refused(tool: Tool, arguments: Mapping[str, object]) -> ToolOutcome | None:
    """How a call fails whose arguments do not fit the tool's schema; None if they do."""
    parameters = (tool.json_schema or {}).get("parameters")
    return _misfit(tool.name, parameters, arguments) if isinstance(parameters, dict) else None


def _value(declared: str, note: str) -> object:
    if declared in LISTS:
        return []
    if declared in MAPPINGS:
        return {"stand_in": note}
    return PLAIN.get(declared, note)


def _declared(tool: Tool) -> str:
    """The name of the type a tool says it returns, "" if it says none."""
    try:
        function = last_function(parse_source(tool.source_code or ""))
    except (SyntaxError, ValueError):
        return ""
    return root_of(function.returns) if function else ""


def _misfit(
    name: str, parameters: Mapping[str, Any], arguments: Mapping[str, object]
) -> ToolOutcome | None:
    properties = parameters.get("properties") or {}
    missing = [item for item in parameters.get("required") or [] if item not in arguments]
    if missing:
        many = f"{len(missing)} required positional argument{'s' if len(missing) > 1 else ''}"
        listed = " and ".join(repr(item) for item in missing)
        return _failed(name, "TypeError", f"{name}() missing {many}: {listed}")
    for key, value in arguments.items():
        if key not in properties:
            return _failed(name, "NameError", f"name '{key}' is not defined")
        wrong = _wrong_number(properties[key], value)
        if wrong is not None:
            return replace(_failed(name, "ValueError", wrong), stdout=None)
    return None


def _wrong_number(schema: object, value: object) -> str | None:
    """What Python says of a text where a number is due."""
    kind = schema.get("type") if isinstance(schema, dict) else None
    if not isinstance(value, str) or not isinstance(kind, str) or kind not in NUMBERS:
        return None
    try:
        NUMBERS[kind](value)
    except ValueError as error:
        return str(error)
    return None


def _failed(name: str, kind: str, message: str) -> ToolOutcome:
    text = error_text(name, kind, message)
    return ToolOutcome(text, "error", stderr=(text,), stdout=())
