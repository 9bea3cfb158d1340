"""`error_event`: an error event ends the stream after so many frames."""

import json
from contextlib import suppress

from pydantic import Field

from mockletta.faults.fault import CountFromZero, FaultyRequest, Frames, SendingFault
from mockletta.faults.field_types import Text
from mockletta.faults.frames import numbered
from mockletta.http.sse import Chunk, chunk_of
from mockletta.state.event_log import Event, each
from mockletta.wire.messages import IN_THE_MIDDLE, ErrorMessage


class ErrorEventFault(SendingFault):
    error_event: CountFromZero = Field(description="how many frames come before the error event")
    error_type: Text = Field(default="internal_error", description="the event's error_type")
    message: Text | None = Field(default=None, description="the event's message")
    detail: Text | None = Field(default=None, description="the event's detail")

    async def frames(self, frames: Frames, request: FaultyRequest) -> Frames:
        run_id = ""
        async for number, frame in numbered(frames):
            if number > self.error_event:
                request.applied = True
                yield chunk_of(self._event(run_id))
                return
            run_id = run_id or _run_of(frame)
            yield frame

    def _event(self, run_id: str) -> Event:
        error = ErrorMessage(
            run_id=run_id,
            error_type=self.error_type,
            message=IN_THE_MIDDLE if self.message is None else self.message,
            detail=self.detail,
        )
        return Event("error_message", error.model_dump_json().encode())


def _run_of(frame: Chunk) -> str:
    """Return the run that an event names; empty if it names none."""
    message: object = None
    with suppress(ValueError, RecursionError):
        message = json.loads(b"".join([event.json for event in each(frame.events)]))
    return str(message.get("run_id") or "") if isinstance(message, dict) else ""
