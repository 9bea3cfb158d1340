"""One model call before it gets a provider's form, and the strictness of its tools."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from mockletta.brain.decisions import ChatMessage, ToolSchema
from mockletta.wire.models import LLMConfig


class ModelRequest(NamedTuple):
    """The request to a model, the same for every provider.

    The model must call a tool if `must_call` is true, and the tool `forced` if that is given.
    """

    llm: LLMConfig
    system: str | None
    messages: Sequence[ChatMessage]
    tools: Sequence[ToolSchema]
    must_call: bool = False
    forced: str | None = None


def strict_schema(parameters: Mapping[str, object]) -> dict[str, object]:
    """Return parameters for structured outputs: no others, all required, and null for optional ones
    [85 max_output_tokens 16: preview]."""
    strict = dict(parameters)
    properties = parameters.get("properties")
    if isinstance(properties, Mapping):
        required = cast("Sequence[str]", parameters.get("required") or ())
        strict["properties"] = {
            name: _strict_property(value, is_required=name in required)
            for name, value in properties.items()
        }
        strict["required"] = list(properties)
        strict["additionalProperties"] = False
    return strict


def _strict_property(value: object, *, is_required: bool) -> object:
    if not isinstance(value, Mapping):
        return value
    strict = strict_schema(value)
    if "items" in value:
        strict["items"] = _strict_property(value["items"], is_required=True)
    kind = value.get("type")
    if isinstance(kind, str) and not is_required:
        strict["type"] = [kind, "null"]
    return strict
