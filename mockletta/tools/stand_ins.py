"""What a tool returns that has no code here: a value that stands in, of the type it declares.

No code of a client is ever run. A call whose arguments do not fit the tool's schema fails as it
would on the real server [32 argument *].
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mockletta.tools.arguments import missing_words
from mockletta.tools.returns import ToolOutcome, error_text, success
from mockletta.tools.schemas.sources import last_function, parse_source, root_of, typescript_root
from mockletta.wire.tools import Tool

NOTE = "This is a stand-in: mockletta does not run the tool {name}."
MAPPINGS = {"dict", "mapping"}
TEXTS: Mapping[str, str] = {
    "int": "0",
    "float": "0.0",
    "bool": "False",
    "none": "None",
    **dict.fromkeys(("list", "sequence", "iterable"), "[]"),
    "tuple": "()",
    "set": "set()",
}
"""The values that stand in for types, as Python writes them."""
NUMBERS: Mapping[str, Callable[[str], object]] = {"integer": int, "number": float}


def stand_in(tool: Tool, arguments: Mapping[str, object]) -> ToolOutcome:
    """Answer a call in the tool's place; it says that it does, in its output if not its value."""
    failed = refused(tool, arguments)
    if failed is not None:
        return failed
    note = NOTE.format(name=tool.name)
    outcome = success(_value(tool, note))
    stdout = () if outcome.text == note else (note,)
    return ToolOutcome(outcome.text, data=outcome.data, stdout=stdout, stderr=())


def refused(tool: Tool, arguments: Mapping[str, object]) -> ToolOutcome | None:
    """How a call fails whose arguments do not fit the tool's schema; None if they do."""
    parameters = (tool.json_schema or {}).get("parameters")
    return _misfit(tool.name, parameters, arguments) if isinstance(parameters, dict) else None


def _value(tool: Tool, note: str) -> object:
    source = tool.source_code or ""
    is_typescript = tool.source_type == "typescript"
    declared = None if is_typescript else _declared(source)
    root = typescript_root(source) if is_typescript else root_of(declared)
    if root in MAPPINGS:
        return {"stand_in": note}
    if declared is not None and root == "literal":
        return _first_literal(declared, note)
    return TEXTS.get(root, note)


def _declared(source: str) -> ast.expr | None:
    """The type that a tool says it returns."""
    try:
        function = last_function(parse_source(source))
    except (SyntaxError, ValueError):
        return None
    return function.returns if function else None


def _first_literal(declared: ast.expr, note: str) -> object:
    """The first value that `Literal[...]` names."""
    parts = [node.slice for node in ast.walk(declared) if isinstance(node, ast.Subscript)]
    values = [one for part in parts for one in ast.walk(part) if isinstance(one, ast.Constant)]
    return next((one.value for one in values if isinstance(one.value, str | int)), note)


def _misfit(
    name: str, parameters: Mapping[str, Any], arguments: Mapping[str, object]
) -> ToolOutcome | None:
    properties = parameters.get("properties")
    known = properties if isinstance(properties, dict) else {}
    listed = parameters.get("required")
    required = listed if isinstance(listed, list) else []
    names = [item for item in required if isinstance(item, str)]
    missing = [name for name in names if name not in arguments]
    if missing:
        return _failed(name, "TypeError", f"{name}() missing {missing_words(missing)}")
    for key, value in arguments.items():
        if key not in known:
            return _failed(name, "NameError", f"name '{key}' is not defined")
        wrong = _wrong_number(known[key], value)
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
