"""Files in a form."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file. `content_type` is as the client sent it, None if it sent none."""

    filename: str
    content_type: str | None
    content: bytes


def _is_upload(value: object) -> Upload:
    if not isinstance(value, Upload):
        raise ValueError(f"Expected UploadFile, received: {type(value)}")  # noqa: TRY004 - pydantic
    return value


UploadedFile = Annotated[
    Upload,
    PlainValidator(_is_upload),
    WithJsonSchema({"type": "string", "format": "binary"}),
]
"""A form field that must be a file."""
