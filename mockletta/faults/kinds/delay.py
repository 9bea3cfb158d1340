"""`delay`: the request waits before it is processed."""

from pydantic import Field

from mockletta.faults.fault import NO_ANSWER, Duration, Fault, FaultyRequest
from mockletta.http.streaming import Answer


class DelayFault(Fault):
    delay: Duration = Field(description="a duration such as 500ms, or seconds")

    async def answer(self, request: FaultyRequest) -> Answer:
        """Wait, then process the request. If the wait is ended early, the world was reset, and the
        new world must not be changed."""
        request.applied = True
        if await request.wait(self.delay):
            return NO_ANSWER
        return await request.process()
