"""`slow`: the body is sent slowly, in small pieces."""

from typing import ClassVar

from pydantic import Field

from mockletta.faults.fault import FaultyRequest, Frames, SendingFault
from mockletta.faults.frames import piece_of

PIECES_PER_SECOND = 10


class SlowFault(SendingFault):
    acts_on_connection: ClassVar[bool] = True

    slow: float = Field(gt=0, le=1e12, description="bytes per second")

    async def frames(self, frames: Frames, request: FaultyRequest) -> Frames:
        request.applied = True
        size = max(1, int(self.slow / PIECES_PER_SECOND))
        async for frame in frames:
            for start in range(0, len(frame.data), size):
                piece = piece_of(frame, start, start + size)
                if await request.wait(len(piece.data) / self.slow):
                    await request.reset()
                yield piece
