"""The types of parameters: from annotations to Python types, and from these to JSON schemas.

The recorded server knows a few names and makes types of `typing` of them; everything else stays a
text, and its refusals quote both [70 create: *]. The source is never evaluated. `Literal` is
different here: the server writes all values as one text, mockletta writes an enum of them.
"""

import ast
import warnings
from collections.abc import Iterator, Mapping
from inspect import isclass
from math import isfinite
from typing import Any, Dict, ForwardRef, List, Literal, Optional, Union, get_args, get_origin  # noqa: UP035

from pydantic import BaseModel, Field, create_model
from pydantic.errors import PydanticUserError

from mockletta.documents.json_types import Json

DEFINITIONS = ("$defs", "definitions")
DEEPEST = 100
LARGEST = 100_000


class TooLarge(Exception):
    """The schema has no end, or is too large."""


def inlined(part: object, schema: Mapping[str, object]) -> object:
    """Return a part of a schema with all references replaced; a recursive reference becomes a plain
    object. Raises TooLarge."""
    return _Inliner(schema).inline(part, ())


class _Inliner:
    def __init__(self, schema: Mapping[str, object]) -> None:
        self._known: dict[str, object] = {}
        for key in DEFINITIONS:
            found = schema.get(key)
            for name, definition in (found if isinstance(found, dict) else {}).items():
                self._known[f"#/{key}/{name}"] = definition
        self._left = LARGEST

    def inline(self, part: object, inside: tuple[str, ...], depth: int = 0) -> object:
        self._left -= 1
        if self._left < 0 or depth > DEEPEST:
            raise TooLarge
        if isinstance(part, list):
            return [self.inline(item, inside, depth + 1) for item in part]
        if not isinstance(part, dict):
            return part
        reference = part.get("$ref")
        if not isinstance(reference, str) or reference not in self._known:
            return {key: self.inline(item, inside, depth + 1) for key, item in part.items()}
        if reference in inside:
            return {"type": "object"}
        meant = self.inline(self._known[reference], (*inside, reference), depth + 1)
        beside = {key: item for key, item in part.items() if key != "$ref"}
        return {**meant, **beside} if isinstance(meant, dict) else meant


Schema = dict[str, Any]
JSON_TYPES: Mapping[object, str] = {
    int: "integer",
    str: "string",
    bool: "boolean",
    float: "number",
    None: "null",
}
NAMES: Mapping[str, object] = {
    "Optional": Optional,
    "List": List,  # noqa: UP006 - refusals quote the names of typing
    "Dict": Dict,  # noqa: UP006
    "Literal": Literal,
    **{one.__name__: one for one in (str, int, bool, float, list, dict)},
}
LONGEST = 1_000
"""The most characters of a text that becomes part of a type."""
MOST_MODELS = 100
UNKNOWN = "Python type {kind} has no corresponding JSON schema type - full map: {known}"
NESTED_DICT = (
    "Dictionary types {kind} with nested type arguments are not supported "
    "(consider using a Pydantic model instead)"
)
UNDESCRIBED = "Property {field} lacks a 'description' key"


class Annotations:
    """The annotations of one module. Its pydantic models count as known names.

    Raises ValueError if there are too many models, or one has a field of an unknown type.
    """

    def __init__(self, module: ast.Module) -> None:
        self._names = dict(NAMES)
        classes = [node for node in ast.walk(module) if isinstance(node, ast.ClassDef)]
        models = list(filter(_is_model, classes))
        if len(models) > MOST_MODELS:
            raise ValueError(f"A source can have at most {MOST_MODELS} models")
        for node in models:
            self._names[node.name] = self._model(node)

    def type_of(self, node: ast.expr) -> object:
        """Return the type that an annotation means, or a text if it is unknown."""
        match node:
            case ast.Name(name):
                return self._names.get(name, name)
            case ast.Subscript(ast.Name(name), inner):
                return self._generic(self._names.get(name, name), inner)
            case _:
                return ast.unparse(node)

    def _generic(self, outer: Any, inner: ast.expr) -> object:  # noqa: ANN401 - any type
        if outer is Literal:
            return Literal[tuple(_values(inner))]
        held = self.type_of(inner)
        is_short = not isinstance(held, str) or len(held) <= LONGEST
        if is_short and hasattr(outer, "__getitem__"):
            try:
                known: object = outer[held]
            except TypeError:
                pass
            else:
                return known
        return f"{outer}[{held}]"

    def _model(self, node: ast.ClassDef) -> object:
        """Create the pydantic model of a class in the source. Return its name if that fails."""
        fields: dict[str, Any] = {}
        for item in node.body:
            match item:
                case ast.AnnAssign(ast.Name(name), annotation, value) if not name.startswith("_"):
                    fields[name] = self.type_of(annotation), _field(value)
        if any(_is_unknown(kind) for kind, _ in fields.values()):
            return node.name
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return create_model(node.name, **fields)
        except (PydanticUserError, NameError, TypeError, ValueError):
            return node.name


def is_optional(kind: object) -> bool:
    return get_origin(kind) is Union and type(None) in get_args(kind)


def json_schema(kind: object) -> Schema:
    """Return the JSON schema of a type. Raises ValueError in the server's words."""
    origin, parts = get_origin(kind), get_args(kind)
    if is_optional(kind):
        return json_schema(parts[0])
    if list in (kind, origin):
        return {"type": "array", "items": json_schema(parts[0]) if parts else {"type": "string"}}
    if origin is Literal:
        return _enum(parts)
    if dict in (kind, origin):
        if parts:
            raise ValueError(NESTED_DICT.format(kind=kind))
        return {"type": "object"}
    if isclass(kind) and issubclass(kind, BaseModel):
        return _model_schema(kind)
    if kind not in JSON_TYPES:
        raise ValueError(UNKNOWN.format(kind=kind, known=dict(JSON_TYPES)))
    return {"type": JSON_TYPES[kind]}


def _enum(values: tuple[object, ...]) -> Schema:
    kinds = list(dict.fromkeys(JSON_TYPES[None if one is None else type(one)] for one in values))
    return {"type": kinds[0] if len(kinds) == 1 else kinds, "enum": list(values)}


def _model_schema(model: type[BaseModel]) -> Schema:
    """Return the schema of a model without references. Each of its fields needs a description."""
    schema = model.model_json_schema()
    for one in (schema, *schema.get("$defs", {}).values()):
        for field in one["properties"].values():
            if "description" not in field:
                raise ValueError(UNDESCRIBED.format(field=field))
    return _object(inlined(schema, schema))


def _object(schema: Json) -> Schema:
    properties = {
        name: {**_shape(field), "description": field["description"]}
        for name, field in schema["properties"].items()
    }
    return {"type": "object", "properties": properties, "required": schema.get("required", [])}


def _shape(field: Json) -> Schema:
    if "properties" in field:
        return _object(field)
    if "anyOf" in field:
        return _shape(field["anyOf"][0])
    if "items" in field:
        return {"type": "array", "items": _shape(field["items"])}
    return {key: field[key] for key in ("type", "enum") if key in field}


def _is_model(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "BaseModel" for base in node.bases)


def _is_unknown(kind: object) -> bool:
    """Return whether a type is a text, or has a text as a part."""
    if isinstance(kind, str | ForwardRef):
        return True
    return get_origin(kind) is not Literal and any(map(_is_unknown, get_args(kind)))


def _values(inner: ast.expr) -> Iterator[object]:
    """Yield the values of a `Literal`; one that is not a value of JSON becomes a text."""
    for part in inner.elts if isinstance(inner, ast.Tuple) else [inner]:
        try:
            value = ast.literal_eval(part)
        except (ValueError, TypeError):
            value = ...
        is_number = isinstance(value, int | float) and isfinite(value)
        is_json = value is None or isinstance(value, str) or is_number
        yield value if is_json else ast.unparse(part)


def _field(value: ast.expr | None) -> Any:  # noqa: ANN401 - pydantic's own type
    """Return a field of a model. The server reads its description, and its default only if the
    first argument is a literal."""
    options: dict[str, Any] = {}
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "Field":
        for keyword in value.keywords:
            if keyword.arg == "description" and isinstance(keyword.value, ast.Constant):
                options["description"] = str(keyword.value.value)
        if value.args and _is_default(value.args[0]):
            options["default"] = None
    return Field(**options)


def _is_default(value: ast.expr) -> bool:
    try:
        return ast.literal_eval(value) is not Ellipsis
    except (ValueError, TypeError):
        return False
