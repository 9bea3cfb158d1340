"""`malformed`: a frame is cut off within its JSON; a JSON body is cut off in its middle."""

from pydantic import Field

from mockletta.faults.fault import Count, FaultyRequest, Frames, SendingFault
from mockletta.faults.frames import numbered, with_half_json


class MalformedFault(SendingFault):
    malformed: Count = Field(description="which frame is malformed, from 1")

    async def frames(self, frames: Frames, request: FaultyRequest) -> Frames:
        async for number, frame in numbered(frames):
            if number == self.malformed:
                request.applied = True
                yield with_half_json(frame)
            else:
                yield frame

    def cut(self, body: bytes) -> bytes:
        return body[: len(body) // 2]
