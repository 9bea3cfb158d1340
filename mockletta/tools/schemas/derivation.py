"""A tool's JSON schema, derived from its Python source by reading it [62]."""

import ast
import json
from collections.abc import Mapping
from inspect import cleandoc

from mockletta.errors import BadRequest
from mockletta.tools.schemas.annotations import Annotations
from mockletta.tools.schemas.docstrings import Docstring, read_docstring
from mockletta.tools.schemas.references import TooLarge, inlined
from mockletta.tools.schemas.sources import Function, last_function, parse_source

FAILED = "Failed to derive json schema: Schema generation failed: {why}"
NOT_PARAMETERS = {"self", "agent_state"}


class Refused(BadRequest):
    """400 for source code that no schema can be derived from."""

    def __init__(self, why: str) -> None:
        super().__init__(FAILED.format(why=why))


def derive_schema(
    source: str, args_schema: Mapping[str, object] | None = None
) -> dict[str, object]:
    """The schema of the last function in `source`; of its arguments if they are described apart.

    Raises Refused if there is none, or it has no docstring or a parameter of no known type.
    """
    try:
        module = parse_source(source)
    except (SyntaxError, ValueError) as error:
        raise Refused(f"Failed to parse source code: {error}") from error
    function = last_function(module)
    if function is None:
        raise Refused("No functions found in source code")
    text = ast.get_docstring(function)
    if not text:
        raise Refused(f"Function {function.name} missing docstring")
    if args_schema:
        return _schema(function.name, cleandoc(text), _described(args_schema))
    docstring = read_docstring(text)
    parameters = _parameters(function, docstring, Annotations(module))
    return _schema(function.name, docstring.description, parameters)


def _schema(name: str, description: str, parameters: dict[str, object]) -> dict[str, object]:
    schema: dict[str, object] = {
        "name": name,
        "description": description,
        "parameters": parameters,
    }
    try:
        json.dumps(schema, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Refused("A text holds half of a surrogate pair") from error
    return schema


def _described(args_schema: Mapping[str, object]) -> dict[str, object]:
    """Parameters as they were given, each with a description [62 args_json_schema]; what they refer
    to stands in its place."""
    try:
        properties = inlined(args_schema.get("properties"), args_schema)
    except TooLarge as error:
        raise Refused("The schema of the arguments is too large") from error
    required = args_schema.get("required")
    return {
        "type": "object",
        "properties": {
            name: {**item, "description": item.get("description") or ""}
            for name, item in (properties.items() if isinstance(properties, dict) else ())
            if isinstance(item, dict)
        },
        "required": required if isinstance(required, list) else [],
    }


def _parameters(
    function: Function, docstring: Docstring, annotations: Annotations
) -> dict[str, object]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    without_default = positional[: len(positional) - len(arguments.defaults)]
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    due = {item.arg for item in without_default}
    due |= {item.arg for item, default in pairs if default is None}
    properties: dict[str, object] = {}
    required: list[str] = []
    for item in (*positional, *arguments.kwonlyargs):
        if item.arg in NOT_PARAMETERS:
            continue
        kind, is_optional = _type_of(item, function.name, annotations)
        properties[item.arg] = {**kind, "description": docstring.arguments.get(item.arg, "")}
        if item.arg in due and not is_optional:
            required.append(item.arg)
    return {"type": "object", "properties": properties, "required": required}


def _type_of(
    item: ast.arg, function: str, annotations: Annotations
) -> tuple[dict[str, object], bool]:
    if item.annotation is None:
        raise Refused(
            f"Type error in schema generation: Parameter '{item.arg}' in function '{function}' "
            "lacks a type annotation"
        )
    kind, is_optional = annotations.schema_of(item.annotation)
    if kind is None:
        raise Refused(
            f"Type error in schema generation: Unsupported annotation "
            f"'{_unparsed(item.annotation)}' of parameter '{item.arg}' in function '{function}'"
        )
    return kind, is_optional


def _unparsed(annotation: ast.expr) -> str:
    """An annotation as it is written, cut, and without what has no bytes."""
    return ast.unparse(annotation)[:200].encode(errors="replace").decode()
