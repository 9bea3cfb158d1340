"""The failures of a model provider, by their names in scripts and faults."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from mockletta.brain.decisions import ModelFailure


class Failing(NamedTuple):
    """The answer of a failing provider: HTTP status, text, and its own type and code [43]."""

    status: int
    message: str
    type: str
    code: str | None
    kind: Literal["status", "overflow", "unreachable"] = "status"


FAILURES: Mapping[str, Failing] = MappingProxyType(
    {
        "bad_request": Failing(
            400, "The request is invalid.", "invalid_request_error", "bad_request"
        ),
        "authentication": Failing(
            401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key"
        ),
        "insufficient_credits": Failing(
            402, "You exceeded your current quota.", "insufficient_quota", "insufficient_quota"
        ),
        "permission_denied": Failing(
            403, "You are not allowed to do this.", "permission_error", "forbidden"
        ),
        "not_found": Failing(
            404, "The model does not exist.", "invalid_request_error", "model_not_found"
        ),
        "unprocessable": Failing(
            422, "The request cannot be processed.", "invalid_request_error", None
        ),
        "rate_limit": Failing(
            429, "Rate limit reached.", "rate_limit_error", "rate_limit_exceeded"
        ),
        "server_error": Failing(500, "The server had an error.", "server_error", "server_error"),
        "overloaded": Failing(
            503, "The engine is currently overloaded.", "server_error", "overloaded"
        ),
        "timeout": Failing(504, "Request timed out.", "server_error", "timeout"),
        "context_overflow": Failing(
            400,
            "This model's maximum context length is exceeded. Please reduce the length of the "
            "messages.",
            "invalid_request_error",
            "context_length_exceeded",
            "overflow",
        ),
        "unreachable": Failing(500, "Connection error.", "server_error", None, "unreachable"),
    }
)
"""The names of all failures. `context_overflow` makes the server compact before it gives up."""


def failure_named(name: str, message: str | None = None) -> ModelFailure:
    """Return the failure of that name, to be raised. KeyError if FAILURES has none.

    `message` replaces the text that the provider sends.

    >>> failure_named("rate_limit").status
    429
    """
    failing = FAILURES[name]
    message = failing.message if message is None else message
    error: dict[str, object] = {
        "message": message,
        "type": failing.type,
        "param": None,
        "code": failing.code,
    }
    return ModelFailure(failing.status, message, failing.kind, error)
