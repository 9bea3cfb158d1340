"""`reorder`: a frame is sent after the one that follows it."""

from pydantic import Field

from mockletta.faults.fault import Count, FaultyRequest, Frames, SendingFault
from mockletta.faults.frames import numbered
from mockletta.http.sse import Chunk


class ReorderFault(SendingFault):
    reorder: Count = Field(description="which frame changes places with the next, from 1")

    async def frames(self, frames: Frames, request: FaultyRequest) -> Frames:
        held: Chunk | None = None
        async for number, frame in numbered(frames):
            if number == self.reorder:
                held = frame
                continue
            yield frame
            if held is not None:
                request.applied = True
                yield held
                held = None
        if held is not None:
            yield held
