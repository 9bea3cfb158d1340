"""`truncate`: a stream ends cleanly after some frames, a JSON body after some bytes."""

from pydantic import Field

from mockletta.faults.fault import CountFromZero, FaultyRequest, Frames, SendingFault
from mockletta.faults.frames import numbered


class TruncateFault(SendingFault):
    truncate: CountFromZero = Field(description="a number of frames, or of bytes of a JSON body")

    async def frames(self, frames: Frames, request: FaultyRequest) -> Frames:
        async for number, frame in numbered(frames):
            if number > self.truncate:
                request.applied = True
                return
            yield frame

    def cut(self, body: bytes) -> bytes:
        return body[: self.truncate]
