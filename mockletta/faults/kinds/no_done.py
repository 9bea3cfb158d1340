"""`no_done`: the stream ends without its final event."""

from pydantic import Field

from mockletta.faults.fault import FaultyRequest, Frames, SendingFault, Yes
from mockletta.faults.frames import is_done


class NoDoneFault(SendingFault):
    no_done: Yes = Field(description="true")

    async def frames(self, frames: Frames, request: FaultyRequest) -> Frames:
        async for frame in frames:
            if is_done(frame):
                request.applied = True
            else:
                yield frame
