"""The type of a field that is a duration. The command line needs durations, but no pydantic."""

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from mockletta.documents.durations import seconds_of


def _validated(value: object) -> float:
    try:
        return seconds_of(value)
    except ValueError as error:
        raise PydanticCustomError("duration", "{reason}", {"reason": str(error)}) from error


Seconds: TypeAlias = Annotated[
    float, BeforeValidator(_validated, json_schema_input_type=float | str)
]
"""A duration. The value is in seconds."""
