"""`delay`: the request waits before anything is done."""

from pydantic import Field

from mockletta.faults.fault import NO_ANSWER, Fault, FaultyRequest, Seconds
from mockletta.http.streaming import Answer


class DelayFault(Fault):
    delay: Seconds = Field(description="seconds")

    async def answer(self, request: FaultyRequest) -> Answer:
        """A wait that was ended early belongs to a world that was reset: nothing may be done in the
        one that took its place."""
        request.applied = True
        if await request.wait(self.delay):
            return NO_ANSWER
        return await request.process()
