"""Files that come in a form."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a client sent it. `content_type` is what the client says it is, None if nothing."""

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
"""A field of a form's model that has to be a file."""
