"""A tool's JSON schema, derived from its Python source by reading it [62]."""

import ast
import re
from collections.abc import Iterator, Mapping
from inspect import cleandoc
from typing import NamedTuple

from mockletta.errors import BadRequest
from mockletta.turns.tool_sources import Function, last_function, parse_source

FAILED = "Failed to derive json schema: Schema generation failed: {why}"
PLAIN = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "dict": "object",
    "mapping": "object",
    "any": "object",
    "none": "null",
}
LISTS = {"list", "sequence", "iterable", "set", "tuple"}
HOLDERS = {
    **dict.fromkeys(LISTS, ("array", "items")),
    **dict.fromkeys(("dict", "mapping"), ("object", "additionalProperties")),
}
NOT_PARAMETERS = {"self", "agent_state"}
_SECTION = re.compile(r"^(Args|Arguments|Parameters|Returns?|Raises|Yields|Examples?|Notes?):\s*$")
_ARGUMENT = re.compile(r"^(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)$")


class Refused(BadRequest):
    """400 for source code that no schema can be derived from."""

    def __init__(self, why: str) -> None:
        super().__init__(FAILED.format(why=why))


class Docstring(NamedTuple):
    """A docstring in Google's style: what stands before its sections, and its arguments."""

    description: str
    arguments: Mapping[str, str]


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
    docstring = _read(text)
    return _schema(function.name, docstring.description, _parameters(function, docstring))


def _schema(name: str, description: str, parameters: dict[str, object]) -> dict[str, object]:
    return {"name": name, "description": description, "parameters": parameters}


def _described(args_schema: Mapping[str, object]) -> dict[str, object]:
    """Parameters as they were given, each with a description [62 args_json_schema]."""
    properties = args_schema.get("properties")
    given = properties if isinstance(properties, dict) else {}
    return {
        "type": "object",
        "properties": {
            name: {**item, "description": item.get("description", "")}
            for name, item in given.items()
            if isinstance(item, dict)
        },
        "required": args_schema.get("required", []),
    }


def _read(text: str) -> Docstring:
    sections: dict[str, list[str]] = {"": []}
    current = sections[""]
    for line in text.splitlines():
        found = _SECTION.match(line)
        if found:
            current = sections.setdefault(found[1], [])
        else:
            current.append(line)
    arguments = next((sections[key] for key in sections if key.startswith(("Arg", "Param"))), [])
    return Docstring("\n".join(sections[""]).strip(), dict(_arguments(arguments)))


def _arguments(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Name and description of each argument; a line that is indented deeper goes on with one."""
    items: list[list[str]] = []
    for line in cleandoc("\n".join(["", *lines])).splitlines():
        if line[:1].strip():
            items.append([line])
        elif items and line.strip():
            items[-1].append(line.strip())
    for item in items:
        found = _ARGUMENT.match(" ".join(item))
        if found:
            yield found[1], found[2]


def _parameters(function: Function, docstring: Docstring) -> dict[str, object]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    without_default = positional[: len(positional) - len(arguments.defaults)]
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    due = [*without_default, *(item for item, default in pairs if default is None)]
    properties: dict[str, object] = {}
    required: list[str] = []
    for item in (*positional, *arguments.kwonlyargs):
        if item.arg in NOT_PARAMETERS:
            continue
        kind, is_optional = _type_of(item, function.name)
        properties[item.arg] = {**kind, "description": docstring.arguments.get(item.arg, "")}
        if item in due and not is_optional:
            required.append(item.arg)
    return {"type": "object", "properties": properties, "required": required}


def _type_of(item: ast.arg, function: str) -> tuple[dict[str, object], bool]:
    if item.annotation is None:
        raise Refused(
            f"Type error in schema generation: Parameter '{item.arg}' in function '{function}' "
            "lacks a type annotation"
        )
    kind = _json_type(item.annotation)
    if kind is None:
        raise Refused(
            f"Type error in schema generation: Unsupported annotation "
            f"'{ast.unparse(item.annotation)}' of parameter '{item.arg}' in function '{function}'"
        )
    return kind, kind.pop("optional", False) is True


def _json_type(node: ast.expr) -> dict[str, object] | None:
    """The JSON schema of an annotation, `optional` set if it allows None; None if unknown."""
    match node:
        case ast.Name(name) | ast.Attribute(attr=name):
            return _named(name.lower())
        case ast.Constant(None):
            return {"type": "null"}
        case ast.Constant(str() as text):
            inner = last_expression(text)
            return _json_type(inner) if inner else None
        case ast.BinOp(left, ast.BitOr(), right):
            return _union([left, right])
        case ast.Subscript(ast.Name(outer) | ast.Attribute(attr=outer), inner):
            return _generic(outer.lower(), inner)
        case _:
            return None


def last_expression(text: str) -> ast.expr | None:
    """The expression that a quoted annotation is."""
    try:
        statement = parse_source(text).body[-1:]
    except (SyntaxError, ValueError):
        return None
    return statement[0].value if statement and isinstance(statement[0], ast.Expr) else None


def _named(name: str) -> dict[str, object] | None:
    if name in LISTS:
        return {"type": "array", "items": {"type": "string"}}
    return {"type": PLAIN[name]} if name in PLAIN else None


def _generic(outer: str, inner: ast.expr) -> dict[str, object] | None:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if outer in ("optional", "union"):
        return _union([*parts, ast.Constant(None)] if outer == "optional" else parts)
    if outer == "annotated":
        return _json_type(parts[0])
    if outer == "literal":
        values = [part.value for part in parts if isinstance(part, ast.Constant)]
        return {"type": "string", "enum": values}
    held = _json_type(parts[0] if outer in LISTS else parts[-1])
    if held is None or outer not in HOLDERS:
        return None
    return {"type": HOLDERS[outer][0], HOLDERS[outer][1]: held}


def _union(parts: list[ast.expr]) -> dict[str, object] | None:
    """The type that is not None, the others beside it if there are several."""
    kinds = [_json_type(part) for part in parts]
    known = [kind for kind in kinds if kind is not None and kind != {"type": "null"}]
    if None in kinds or not known:
        return None
    optional = len(known) < len(kinds) or any("optional" in kind for kind in known)
    plain = [{key: kind[key] for key in kind if key != "optional"} for kind in known]
    merged: dict[str, object] = plain[0] if len(plain) == 1 else {"anyOf": plain}
    return {**merged, "optional": True} if optional else merged
