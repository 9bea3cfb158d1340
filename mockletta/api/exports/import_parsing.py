"""Parses the bytes of an agent file."""

import json

from pydantic import ValidationError

from mockletta.errors import BadRequest, Unprocessable
from mockletta.wire.exports import ExportFile

CORRUPTED = "Corrupted agent file format."
LEGACY = (
    "Legacy AgentSchema format is deprecated. Please use the new AgentFileSchema format with "
    "'agents' field."
)
SHOWN = 5


def parse_file(value: object) -> ExportFile:
    """Return the JSON value of a file. Raises BadRequest for the older format, and Unprocessable
    for anything else that is invalid [53 import wrong json, import array]."""
    if not isinstance(value, dict) or "agents" not in value:
        raise BadRequest(LEGACY)
    try:
        return ExportFile.model_validate(value)
    except ValidationError as error:
        raise Unprocessable(_mismatch(error)) from error


def parse_texts(text: str, name: str) -> dict[str, str]:
    """Parse a JSON object of texts, the format of secrets [53 import bad secrets]."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{name} must be a valid JSON string") from error
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise BadRequest(f"{name} must be a JSON object whose values are strings")
    return value


def _mismatch(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found[:SHOWN]]
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"The uploaded file does not match the expected agent schema: {'; '.join(told)}{more}"
