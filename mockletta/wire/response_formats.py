"""The formats in which a model can answer.

Their union has the server's order, which its 422 quotes [42 response_format bad].
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from mockletta.wire.base import SharedPart


class ResponseFormatType(StrEnum):
    text = "text"
    json_schema = "json_schema"
    json_object = "json_object"


class TextResponseFormat(SharedPart):
    type: Literal[ResponseFormatType.text] = ResponseFormatType.text


class JsonSchemaResponseFormat(SharedPart):
    type: Literal[ResponseFormatType.json_schema] = ResponseFormatType.json_schema
    json_schema: dict[str, object]


class JsonObjectResponseFormat(SharedPart):
    type: Literal[ResponseFormatType.json_object] = ResponseFormatType.json_object


ResponseFormat = Annotated[
    TextResponseFormat | JsonSchemaResponseFormat | JsonObjectResponseFormat,
    Field(discriminator="type"),
]
