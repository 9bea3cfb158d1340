"""`missing`: 404, as if the row of the last id in the path did not exist."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import Field

from mockletta.errors import ApiError, NotFound, RowNotFound
from mockletta.faults.fault import Fault, FaultyRequest, Matched, Yes, error_answer
from mockletta.http.streaming import Answer

_NOUNS: Mapping[str, str] = MappingProxyType(
    {
        "agent": "Agent",
        "block": "Block",
        "conv": "Conversation",
        "message": "Message",
        "run": "Run",
        "step": "Step",
        "tool": "Tool",
    }
)


class MissingFault(Fault):
    missing: Yes = Field(description="true")

    async def answer(self, request: FaultyRequest) -> Answer:
        return error_answer(request, missing(request))


def missing(request: Matched) -> ApiError:
    """Return the error of a request for a row that does not exist."""
    for value in reversed(list(request.params.values())):
        noun = _NOUNS.get(value.partition("-")[0])
        if noun is not None:
            return RowNotFound(noun, value)
    return NotFound("Not Found")
