"""A tool's JSON schema, derived from its Python source as the recorded server does it [62, 70].

1. The tool is the last `def` of the source, counted by depth: a nested function or a method comes
   after all functions of the module [70 create: nested def, class before].
2. Parameters that can only be given by name or only by position are left out, as are `*args` and
   `**kwargs` [70 create: keyword only, positional only].
3. A default that is not a literal does not count [70 create: default of an expression].
"""

import ast
import json
from collections.abc import Iterator, Mapping
from inspect import cleandoc

from mockletta.errors import BadRequest
from mockletta.tools.schemas.annotations import (
    Annotations,
    TooLarge,
    inlined,
    is_optional,
    json_schema,
)
from mockletta.tools.schemas.docstrings import read_docstring
from mockletta.tools.schemas.sources import functions_of, parse_source

FAILED = "Failed to derive json schema: Schema generation failed: {why}"
NOT_PARAMETERS = {"self", "agent_state"}
NO_ANNOTATION = "Parameter '{name}' in function '{function}' lacks a type annotation"
UNDESCRIBED = "No description available"
NO_DESCRIPTION = "Parameter '{name}' in function '{function}' lacks a description in the docstring"


class NoSchema(BadRequest):
    """400 for source code from which no schema can be derived."""

    def __init__(self, why: str) -> None:
        super().__init__(FAILED.format(why=why))


def derive_schema(
    source: str, args_schema: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return the schema of the tool in `source`; `args_schema` replaces its parameters.

    Raises NoSchema.
    """
    module = _parsed(source)
    function = _tool(module)
    text = ast.get_docstring(function, clean=False) or ""
    if args_schema:
        return _schema(function.name, cleandoc(text) or None, _described(args_schema))
    if not text:
        raise NoSchema(f"Function {function.name} missing docstring")
    docstring = read_docstring(text)
    try:
        parameters = _parameters(function, docstring.parameters, Annotations(module))
    except TypeError as error:
        raise NoSchema(f"Type error in schema generation: {error}") from error
    except ValueError as error:
        raise NoSchema(f"Value error in schema generation: {error}") from error
    except (SyntaxError, RecursionError, TooLarge) as error:
        raise NoSchema(f"Unexpected error in schema generation: {error}") from error
    return _schema(function.name, docstring.description or UNDESCRIBED, parameters)


def _parsed(source: str) -> ast.Module:
    try:
        return parse_source(source)
    except (SyntaxError, ValueError) as error:
        raise NoSchema(f"Failed to parse source code: {error}") from error


def _tool(module: ast.Module) -> ast.FunctionDef:
    functions = [one for one in functions_of(module) if isinstance(one, ast.FunctionDef)]
    if not functions:
        raise NoSchema("No functions found in source code")
    return functions[-1]


def _schema(name: str, description: str | None, parameters: dict[str, object]) -> dict[str, object]:
    schema: dict[str, object] = {
        "name": name,
        "description": description,
        "parameters": parameters,
    }
    try:
        json.dumps(schema, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise NoSchema("A text holds half of a surrogate pair") from error
    return schema


def _described(args_schema: Mapping[str, object]) -> dict[str, object]:
    """Return the given parameters without references and titles, each with a description
    [62 args_json_schema, 70 by hand: args_json_schema]."""
    try:
        properties = inlined(args_schema.get("properties"), args_schema)
    except TooLarge as error:
        raise NoSchema("The schema of the arguments is too large") from error
    required = args_schema.get("required")
    return {
        "type": "object",
        "properties": {
            name: _without_title({**item, "description": item.get("description") or ""})
            for name, item in (properties.items() if isinstance(properties, dict) else ())
            if isinstance(item, dict)
        },
        "required": required if isinstance(required, list) else [],
    }


def _without_title(schema: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in schema.items() if key != "title"}


def _parameters(
    function: ast.FunctionDef, descriptions: Mapping[str, str], annotations: Annotations
) -> dict[str, object]:
    properties: dict[str, object] = {}
    required: list[str] = []
    for item, has_default in _arguments(function.args):
        name = item.arg
        if item.annotation is None:
            raise TypeError(NO_ANNOTATION.format(name=name, function=function.name))
        if not descriptions.get(name):
            raise ValueError(NO_DESCRIPTION.format(name=name, function=function.name))
        kind = annotations.type_of(item.annotation)
        properties[name] = {**json_schema(kind), "description": descriptions[name]}
        if not has_default and not is_optional(kind):
            required.append(name)
    return {"type": "object", "properties": properties, "required": required}


def _arguments(arguments: ast.arguments) -> Iterator[tuple[ast.arg, bool]]:
    """Yield the parameters of a schema, and whether they have a default."""
    without = len(arguments.args) - len(arguments.defaults)
    for place, item in enumerate(arguments.args):
        default = arguments.defaults[place - without] if place >= without else None
        if item.arg not in NOT_PARAMETERS:
            yield item, default is not None and _is_literal(default)


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError):
        return False
    return True
