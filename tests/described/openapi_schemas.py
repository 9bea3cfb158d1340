"""JSON Schemas of the description: the bodies of errors, and all shapes, each described once."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import to_jsonable_python

from mockletta.wire.fields import LazyShape

Schema = dict[str, Any]
Mode = Literal["validation", "serialization"]
REF = "#/components/schemas/{model}"
TEXT: Schema = {"type": "string"}
PENDING: Schema = {
    "type": "object",
    "properties": {
        "code": {"const": "PENDING_APPROVAL"},
        "message": TEXT,
        "pending_request_id": TEXT,
    },
    "required": ["code", "message", "pending_request_id"],
    "additionalProperties": False,
}


def _object(properties: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


ERRORS: dict[str, Schema] = {
    "Error": _object({"detail": TEXT}, "detail"),
    "ValidationError": _object(
        {"detail": TEXT, "trace_id": TEXT, "examples": {"type": "array", "items": TEXT}},
        "detail",
    ),
    "ConflictError": _object({"detail": {"anyOf": [TEXT, PENDING]}, "run_id": TEXT}, "detail"),
    "ModelError": _object(
        {"error": _object(dict.fromkeys(("type", "message", "detail"), TEXT), "type")}, "error"
    ),
    "CloudError": {
        "type": "object",
        "properties": {"message": TEXT},
        "required": ["message"],
    },
}
"""The schemas of all error bodies by name. `detail` is text; for a validation it is the repr of a
list of errors."""

BY_STATUS: dict[int, tuple[str, ...]] = {
    400: ("Error", "CloudError"),
    401: ("Error",),
    404: ("Error", "CloudError"),
    405: ("Error",),
    409: ("ConflictError",),
    410: ("Error",),
    413: ("Error",),
    415: ("Error",),
    422: ("ValidationError",),
    501: ("Error",),
    502: ("Error",),
}
"""The error body of each status."""
OF_MODELS = (400, 401, 402, 429, 500)
"""The statuses of a provider's failures."""


def error_schema(status: int, *, of_a_model: bool) -> Schema:
    """Return the body of an error that an operation answers."""
    names = BY_STATUS.get(status, ())
    if of_a_model and status in OF_MODELS:
        names = (*names, "ModelError")
    shapes = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    return shapes[0] if len(shapes) == 1 else {"anyOf": shapes}


class _AsRendered(GenerateJsonSchema):
    """The schema of answers. They have all their fields, also those with defaults; only shapes with
    their own serializer leave some out."""

    def model_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ANN401
        described = super().model_schema(schema)
        if self.mode == "serialization" and not _chooses_fields(schema["cls"]):
            described["required"] = list(described.get("properties", ()))
        return described

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401
        """A field has the title of its shape, also if that is loaded later."""
        place = getattr(schema.get("function", {}).get("function"), "__self__", None)
        shown = TypeAdapter(place.load()).core_schema if isinstance(place, LazyShape) else schema
        return super().field_title_should_be_set(shown)

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401
        """Encode a default. pydantic makes an adapter for each, a quarter of the whole time."""
        return to_jsonable_python(dft)

    def ser_schema(self, schema: Any) -> JsonSchemaValue | None:  # noqa: ANN401
        return None if schema["type"] == "function-wrap" else super().ser_schema(schema)


class Schemas:
    """The schemas of some types: requests are validated, answers serialized."""

    def __init__(self, taken: Iterable[Any], given: Iterable[Any]) -> None:
        shapes: dict[tuple[str, Mode], Any] = {
            **{(repr(shape), "validation"): shape for shape in taken},
            **{(repr(shape), "serialization"): shape for shape in given},
        }
        found, rest = TypeAdapter.json_schemas(
            [(key, key[1], TypeAdapter(shape)) for key, shape in shapes.items()],
            ref_template=REF,
            schema_generator=_AsRendered,
        )
        self.components: Schema = rest.get("$defs", {})
        self._found = {key: schema for (key, _), schema in found.items()}

    def taken(self, shape: object) -> Schema:
        """Return the schema of a request."""
        return self._found[repr(shape), "validation"]

    def given(self, shape: object) -> Schema:
        """Return the schema of an answer."""
        return self._found[repr(shape), "serialization"]

    def fields(self, shape: type[BaseModel]) -> tuple[Mapping[str, Schema], frozenset[str]]:
        """Return the schema of each field of a request, and the required fields."""
        schema = self.taken(shape)
        whole = self.components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        return whole.get("properties", {}), frozenset(whole.get("required", ()))


def _chooses_fields(shape: type) -> bool:
    return bool(shape.__pydantic_decorators__.model_serializers)  # type: ignore[attr-defined]
