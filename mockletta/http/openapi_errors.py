"""The bodies of errors, as they are described."""

from typing import Any

Schema = dict[str, Any]
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
"""All of them by name. `detail` is text; of a validation it is the repr of a list of errors."""

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
}
"""Which of them an error of some status is."""
OF_MODELS = (400, 401, 402, 429, 500)
"""The statuses of a provider's failures."""


def error_schema(status: int, *, of_a_model: bool) -> Schema:
    """The body of an error that an operation answers."""
    names = BY_STATUS.get(status, ())
    if of_a_model and status in OF_MODELS:
        names = (*names, "ModelError")
    shapes = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    return shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
