"""`duplicate`: a frame is sent twice."""

from pydantic import Field

from mockletta.faults.fault import Count, FaultyRequest, Frames, SendingFault
from mockletta.faults.frames import numbered


class DuplicateFault(SendingFault):
    duplicate: Count = Field(description="which frame is sent twice, from 1")

    async def frames(self, frames: Frames, request: FaultyRequest) -> Frames:
        async for number, frame in numbered(frames):
            yield frame
            if number == self.duplicate:
                request.applied = True
                yield frame
