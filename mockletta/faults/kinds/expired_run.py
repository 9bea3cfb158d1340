"""`expired_run`: 410, the run is too old for its stream."""

import json

from pydantic import Field

from mockletta.errors import ApiError, Expired, NoRunOfOtid
from mockletta.faults.fault import Fault, FaultyRequest, Yes, error_answer
from mockletta.http.streaming import Answer


class ExpiredRunFault(Fault):
    expired_run: Yes = Field(description="true")

    async def answer(self, request: FaultyRequest) -> Answer:
        return error_answer(request, _expired(request.body))


def _expired(body: bytes) -> ApiError:
    """Return the error: a run named by an otid is not found, any other has expired [21 otid
    unknown]."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return Expired()
    if isinstance(asked, dict) and asked.get("otid") and not asked.get("run_id"):
        return NoRunOfOtid(str(asked["otid"]))
    return Expired()
