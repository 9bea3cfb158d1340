"""What a tool's annotations mean in JSON schemas. They are read, never evaluated.

Models and enumerations that stand in the same source are known. A model that is part of itself is
a mere object there, and no annotation is read deeper than `DEEPEST` or comes to more than
`LARGEST` parts.
"""

import ast
from collections.abc import Iterator, Sequence
from math import isfinite

from mockletta.tools.schemas.sources import parse_source, root_of

Schema = dict[str, object]
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
ENUMS = {"enum", "strenum", "intenum"}
MODELS = {"basemodel", "typeddict"}
DEEPEST = 30
LARGEST = 100_000


class Annotations:
    """Reads the annotations of one module."""

    def __init__(self, module: ast.Module) -> None:
        self._classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}
        self._open: list[str] = []
        self._left = LARGEST

    def schema_of(self, annotation: ast.expr) -> tuple[Schema | None, bool]:
        """The JSON schema of an annotation, None if it is unknown, and whether it allows None."""
        schema = self._read(annotation, 0)
        if schema is None:
            return None, False
        return schema, schema.pop("optional", False) is True

    def _read(self, node: ast.expr, depth: int) -> Schema | None:
        """The schema of an annotation, `optional` set if it allows None."""
        if self._is_too_much(depth):
            return None
        match node:
            case ast.Name(name) | ast.Attribute(attr=name):
                known = self._classes.get(name)
                return self._class(known, depth) if known else _named(name.lower())
            case ast.Constant(value):
                return self._constant(value, depth)
            case ast.BinOp(op=ast.BitOr()):
                return self._union(list(_alternatives(node)), depth)
            case ast.Subscript(ast.Name(outer) | ast.Attribute(attr=outer), inner):
                return self._generic(outer.lower(), inner, depth)
            case _:
                return None

    def _is_too_much(self, depth: int) -> bool:
        self._left -= 1
        return depth > DEEPEST or self._left < 0

    def _constant(self, value: object, depth: int) -> Schema | None:
        """The schema of None, or of an annotation in quotes."""
        if not isinstance(value, str):
            return {"type": "null"} if value is None else None
        inner = quoted_expression(value)
        return self._read(inner, depth + 1) if inner else None

    def _generic(self, outer: str, inner: ast.expr, depth: int) -> Schema | None:
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if outer in ("optional", "union"):
            nothing = [ast.Constant(None)] if outer == "optional" else []
            return self._union([*parts, *nothing], depth)
        if outer == "annotated" and parts:
            return self._read(parts[0], depth + 1)
        if outer == "literal":
            values = list(_values(parts))
            return {"type": "string", "enum": values} if len(values) == len(parts) else None
        if outer not in HOLDERS or not parts:
            return None
        held = self._read(parts[0] if outer in LISTS else parts[-1], depth + 1)
        if held is None:
            return None
        held.pop("optional", None)
        return {"type": HOLDERS[outer][0], HOLDERS[outer][1]: held}

    def _union(self, parts: Sequence[ast.expr], depth: int) -> Schema | None:
        """The type that is not None, the others beside it if there are several."""
        kinds = [self._read(part, depth + 1) for part in parts]
        known = [kind for kind in kinds if kind is not None and kind != {"type": "null"}]
        if None in kinds or not known:
            return None
        inner = [kind.pop("optional", False) for kind in known]
        optional = len(known) < len(kinds) or any(inner)
        merged: Schema = known[0] if len(known) == 1 else {"anyOf": known}
        return {**merged, "optional": True} if optional else merged

    def _class(self, node: ast.ClassDef, depth: int) -> Schema | None:
        if self._is_too_much(depth):
            return None
        if node.name in self._open:
            return {"type": "object"}
        bases = {root_of(base) for base in node.bases}
        if bases & ENUMS:
            return _enumeration(node)
        self._open.append(node.name)
        try:
            return self._model(node, bases, depth)
        finally:
            self._open.pop()

    def _model(self, node: ast.ClassDef, bases: set[str], depth: int) -> Schema | None:
        """What a model or a dataclass has, with what it has from its bases."""
        inherited = [
            self._class(self._classes[base.id], depth + 1)
            for base in node.bases
            if isinstance(base, ast.Name) and base.id in self._classes
        ]
        is_dataclass = any(root_of(_called(one)) == "dataclass" for one in node.decorator_list)
        if None in inherited or not (bases & MODELS or is_dataclass or inherited):
            return None
        properties: dict[str, object] = {}
        required: list[object] = []
        for schema in (*inherited, self._fields(node, depth)):
            if schema is None:
                return None
            has, due = schema.get("properties"), schema.get("required")
            properties |= has if isinstance(has, dict) else {}
            required += due if isinstance(due, list) else []
        return {"type": "object", "properties": properties, "required": required}

    def _fields(self, node: ast.ClassDef, depth: int) -> Schema | None:
        properties: dict[str, object] = {}
        required: list[str] = []
        for item in node.body:
            match item:
                case ast.AnnAssign(ast.Name(name), annotation, value) if not name.startswith("_"):
                    kind = self._read(annotation, depth + 1)
                    if kind is None:
                        return None
                    kind.pop("optional", None)
                    properties[name] = {**kind, **_described(value)}
                    if value is None or _is_due(value):
                        required.append(name)
        return {"properties": properties, "required": required}


def quoted_expression(text: str) -> ast.expr | None:
    """The expression that a quoted annotation is."""
    try:
        statement = parse_source(text).body[-1:]
    except (SyntaxError, ValueError):
        return None
    return statement[0].value if statement and isinstance(statement[0], ast.Expr) else None


def _named(name: str) -> Schema | None:
    if name in LISTS:
        return {"type": "array", "items": {"type": "string"}}
    return {"type": PLAIN[name]} if name in PLAIN else None


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of `a | b | c`, however they are grouped."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _alternatives(node.left)
        yield from _alternatives(node.right)
    else:
        yield node


def _values(parts: Sequence[ast.expr]) -> Iterator[object]:
    """Those of some expressions that are values of JSON."""
    for part in parts:
        try:
            value = ast.literal_eval(part)
        except (ValueError, TypeError):
            continue
        if isinstance(value, float) and not isfinite(value):
            continue
        if value is None or isinstance(value, str | int | float):
            yield value


def _enumeration(node: ast.ClassDef) -> Schema | None:
    """The values of an enumeration, if all of them are written out."""
    written = [item.value for item in node.body if isinstance(item, ast.Assign)]
    values = list(_values(written))
    if not values or len(values) < len(written):
        return None
    kind = "integer" if all(type(value) is int for value in values) else "string"
    return {"type": kind, "enum": values}


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _described(value: ast.expr | None) -> Schema:
    """The description that `Field(description="...")` gives."""
    for keyword in value.keywords if isinstance(value, ast.Call) else ():
        if keyword.arg == "description" and isinstance(keyword.value, ast.Constant):
            return {"description": str(keyword.value.value)}
    return {}


def _is_due(value: ast.expr) -> bool:
    """Whether a field is given no default, by `...` or in `Field()`."""
    if not isinstance(value, ast.Call):
        return _is_ellipsis(value)
    if root_of(value.func) != "field":
        return False
    if value.args:
        return _is_ellipsis(value.args[0])
    return not {item.arg for item in value.keywords} & {"default", "default_factory"}


def _is_ellipsis(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is Ellipsis
