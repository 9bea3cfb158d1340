"""JSON Schemas of all shapes of a description at once, so that each is there once."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

Schema = dict[str, Any]
Mode = Literal["validation", "serialization"]
REF = "#/components/schemas/{model}"


class _AsRendered(GenerateJsonSchema):
    """Answers have all their fields, also those with defaults; only shapes with a serializer of
    their own leave some out."""

    def model_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ANN401
        described = super().model_schema(schema)
        if self.mode == "serialization" and not _chooses_fields(schema["cls"]):
            described["required"] = list(described.get("properties", ()))
        return described

    def ser_schema(self, schema: Any) -> JsonSchemaValue | None:  # noqa: ANN401
        return None if schema["type"] == "function-wrap" else super().ser_schema(schema)


class Schemas:
    """The schemas of some types: what comes in is validated, what goes out serialized."""

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
        """The schema of what comes in."""
        return self._found[repr(shape), "validation"]

    def given(self, shape: object) -> Schema:
        """The schema of what goes out."""
        return self._found[repr(shape), "serialization"]

    def fields(self, shape: type[BaseModel]) -> tuple[Mapping[str, Schema], frozenset[str]]:
        """The schema of each field of what comes in, and which fields there must be."""
        schema = self.taken(shape)
        whole = self.components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        return whole.get("properties", {}), frozenset(whole.get("required", ()))


def _chooses_fields(shape: type) -> bool:
    return bool(shape.__pydantic_decorators__.model_serializers)  # type: ignore[attr-defined]
