"""`reset`: the connection is reset."""

from contextlib import suppress
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from mockletta.errors import ApiError
from mockletta.faults.fault import (
    NO_ANSWER,
    Count,
    FaultValue,
    FaultyRequest,
    Frames,
    SendingFault,
)
from mockletta.faults.frames import numbered, piece_of
from mockletta.http.streaming import Answer


class AfterFrames(FaultValue):
    after_frames: Count


class InFrame(FaultValue):
    in_frame: Count


class ResetFault(SendingFault):
    acts_on_connection: ClassVar[bool] = True

    reset: Literal["before_headers", "after_headers"] | AfterFrames | InFrame = Field(
        description="before_headers, after_headers, {after_frames: n} or {in_frame: n}"
    )
    processed: bool = Field(default=False, description="true if only the answer is lost")

    @model_validator(mode="after")
    def _processed_or_not(self) -> "ResetFault":
        if self.processed and self.reset != "before_headers":
            raise ValueError("`processed` is a choice for before_headers only")
        return self

    async def answer(self, request: FaultyRequest) -> Answer:
        if self.reset != "before_headers":
            return await request.process()
        request.applied = True
        if self.processed:
            with suppress(ApiError):
                await request.process()
        return NO_ANSWER

    async def frames(self, frames: Frames, request: FaultyRequest) -> Frames:
        place = self.reset
        after = place.after_frames if isinstance(place, AfterFrames) else 0
        within = place.in_frame if isinstance(place, InFrame) else None
        async for number, frame in numbered(frames):
            if within is None and number > after:
                request.applied = True
                await request.reset()
            if number == within:
                request.applied = True
                yield piece_of(frame, 0, len(frame.data) // 2)
                await request.reset()
            yield frame
