"""Custom tools: a call runs the test author's function for it, or a stand-in answers.

The code of a client is never run. A stand-in is a value of the type that the tool declares. A call
whose arguments do not fit the tool's schema fails as on the real server [32 argument *].
"""

import ast
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy

from mockletta.tools.call_arguments import missing_words
from mockletta.tools.returns import ToolOutcome, error_text, success
from mockletta.tools.schemas.sources import function_named, parse_source, root_of, typescript_root
from mockletta.wire.agents import AgentState
from mockletta.wire.tools import Tool

AGENT_ID = "LETTA_AGENT_ID"


def environment_of(agent: AgentState) -> dict[str, str]:
    """Return the variables of an agent's tools."""
    return {**{one.key: one.value for one in agent.secrets}, AGENT_ID: agent.id}


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a block, except those that no process can have."""
    possible = {name: value for name, value in variables.items() if _is_possible(name, value)}
    before = {name: os.environ.get(name) for name in possible}
    os.environ.update(possible)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _is_possible(name: str, value: str) -> bool:
    return bool(name) and "=" not in name and "\0" not in name + value


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
"""Stand-ins by type, as Python writes them."""
NUMBERS: Mapping[str, Callable[[str], object]] = {"integer": int, "number": float}


def run_custom_tool(
    tool: Tool,
    function: Callable[..., object] | None,
    arguments: Mapping[str, object],
    variables: Mapping[str, str],
) -> ToolOutcome:
    """Run the function that is registered for a tool, with these environment variables; without a
    function a stand-in answers."""
    if function is None:
        return stand_in(tool, arguments)
    with environment(variables):
        return _misfit(tool, arguments) or run_function(tool.name, function, arguments)


def run_function(
    name: str, function: Callable[..., object], arguments: Mapping[str, object]
) -> ToolOutcome:
    """Call a function like the server runs a custom tool; an error is its return value [32].

    It gets copies, which it may change: a request's body can be cached and used again.
    """
    try:
        outcome = success(function(**deepcopy(dict(arguments))))
        # the function may change the value that it returned later on
        data = json.loads(sendable(json.dumps(outcome.data, default=str, ensure_ascii=False)))
        text = sendable(outcome.text)
    except Exception as error:  # noqa: BLE001 - the model is shown it, as on the server
        text = sendable(error_text(name, type(error).__name__, message_of(error)))
        return ToolOutcome(text, "error", stdout=(), stderr=(text,))
    return ToolOutcome(text, data=data, stdout=(), stderr=())


def message_of(error: Exception) -> str:
    """Return the text of an error; nothing if the error fails to render itself."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - any error may break its own __str__
        return ""


def sendable(text: str) -> str:
    """Replace halves of surrogate pairs, which cannot be encoded."""
    return text.encode(errors="replace").decode()


def stand_in(tool: Tool, arguments: Mapping[str, object]) -> ToolOutcome:
    """Answer a call with a stand-in, which says so: in its value or else in stdout."""
    failed = _misfit(tool, arguments)
    if failed is not None:
        return failed
    note = NOTE.format(name=tool.name)
    outcome = success(_value(tool, note))
    stdout = () if outcome.text == note else (note,)
    return ToolOutcome(outcome.text, data=outcome.data, stdout=stdout, stderr=())


def _value(tool: Tool, note: str) -> object:
    source = tool.source_code or ""
    is_typescript = tool.source_type == "typescript"
    declared = None if is_typescript else _declared(source, tool.name)
    root = typescript_root(source) if is_typescript else root_of(declared)
    if root in MAPPINGS:
        return {"stand_in": note}
    if declared is not None and root == "literal":
        return _first_literal(declared, note)
    return TEXTS.get(root, note)


def _declared(source: str, name: str) -> ast.expr | None:
    """Return the annotation of a tool's return value."""
    try:
        function = function_named(parse_source(source), name)
    except (SyntaxError, ValueError):
        return None
    return function.returns if function else None


def _first_literal(declared: ast.expr, note: str) -> object:
    """Return the first value of a `Literal[...]`."""
    parts = [node.slice for node in ast.walk(declared) if isinstance(node, ast.Subscript)]
    values = [one for part in parts for one in ast.walk(part) if isinstance(one, ast.Constant)]
    return next((one.value for one in values if isinstance(one.value, str | int)), note)


def _misfit(tool: Tool, arguments: Mapping[str, object]) -> ToolOutcome | None:
    """Return the failure of a call whose arguments do not fit the schema; None if they do."""
    name, parameters = tool.name, (tool.json_schema or {}).get("parameters")
    if not isinstance(parameters, dict):
        return None
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
            return _failed(name, "ValueError", wrong)._replace(stdout=None)
    return None


def _wrong_number(schema: object, value: object) -> str | None:
    """Return Python's message for a text that should be a number and is not."""
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
