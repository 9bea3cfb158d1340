"""`stall`: nothing is sent for some time, or until the client leaves or the server stops."""

from typing import ClassVar, Literal

from pydantic import Field

from mockletta.faults.fault import CountFromZero, Duration, FaultyRequest, Frames, SendingFault
from mockletta.faults.frames import numbered


class StallFault(SendingFault):
    acts_on_connection: ClassVar[bool] = True

    stall: Duration | Literal["forever"] = Field(
        description="a duration such as 500ms, seconds, or forever"
    )
    after_frames: CountFromZero = Field(default=0, description="how many frames come before")

    async def frames(self, frames: Frames, request: FaultyRequest) -> Frames:
        async for number, frame in numbered(frames):
            if number == self.after_frames + 1:
                request.applied = True
                if await request.wait(None if self.stall == "forever" else self.stall):
                    await request.reset()
            yield frame
