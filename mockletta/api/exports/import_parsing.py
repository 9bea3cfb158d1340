"""Parses the bytes of an agent file."""

import json

from pydantic import ValidationError

from mockletta.errors import BadRequest
from mockletta.wire.exports import ExportFile

CORRUPTED = "Corrupted agent file format."
LEGACY = (
    "Legacy AgentSchema format is deprecated. Please use the new AgentFileSchema format with "
    "'agents' field."
)
WRONG_SECRETS = "secrets must be a valid JSON string"


def parse_file(value: object) -> ExportFile:
    """Read a file's JSON value; BadRequest for the old format and for a file that lacks something
    [53 import wrong json, 82 import: without tools, import: agents wrong type]."""
    if not isinstance(value, dict) or not isinstance(value.get("agents"), list):
        raise BadRequest(LEGACY)
    try:
        return ExportFile.model_validate(value)
    except ValidationError as error:
        raise BadRequest(str(error)) from error


def parse_secrets(text: str) -> dict[str, str]:
    """Parse secrets; whichever field they came in, the error speaks of secrets
    [82 import: form env_vars_json]."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(WRONG_SECRETS) from error
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise BadRequest(WRONG_SECRETS)
    return value
