"""`busy`: 409, as if another turn of the conversation were in progress."""

from pydantic import Field

from mockletta.errors import Busy
from mockletta.faults.fault import Fault, FaultyRequest, Yes, error_answer
from mockletta.http.streaming import Answer

SOME_RUN = "run-00000000-0000-4000-8000-000000000000"


class BusyFault(Fault):
    busy: Yes = Field(description="true")

    async def answer(self, request: FaultyRequest) -> Answer:
        return error_answer(request, Busy(SOME_RUN))
