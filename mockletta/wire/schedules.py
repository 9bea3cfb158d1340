"""Scheduled messages to agents, once or repeatedly."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    Discriminator,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    Tag,
    model_serializer,
)

from mockletta.wire.base import Body, Wire

FIRST_MILLISECONDS = 100_000_000_000
"""Numbers from here on are milliseconds, as in JavaScript; smaller ones are seconds."""

ReturnType = Literal[
    "system_message",
    "user_message",
    "assistant_message",
    "reasoning_message",
    "hidden_reasoning_message",
    "tool_call_message",
    "tool_return_message",
    "approval_request_message",
    "approval_response_message",
]


def _spelled(moment: datetime) -> str:
    """Format a time as JavaScript does."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return f"{text.removesuffix('+00:00')}Z"


JsTime = Annotated[datetime, PlainSerializer(_spelled, return_type=str)]


class AsGiven(Wire, extra="ignore"):
    """A shape that is returned as it was sent, without the fields that were left out."""

    @model_serializer(mode="wrap")
    def _given(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        kept = self.model_fields_set
        return {name: value for name, value in handler(self).items() if name in kept}

    def filled(self) -> dict[str, Any]:
        """Return all fields, with defaults for those that were left out."""
        return {name: _filled(value) for name, value in vars(self).items()}


def _filled(value: object) -> object:
    if isinstance(value, list):
        return [_filled(item) for item in value]
    return value.filled() if isinstance(value, AsGiven) else value


class ScheduledText(AsGiven):
    text: str
    signature: str | None = None
    type: Literal["text"] = "text"


class ScheduledImageSource(AsGiven):
    data: str
    media_type: str
    detail: str | None = None
    type: Literal["base64"] = "base64"


class ScheduledImage(AsGiven):
    source: ScheduledImageSource
    type: Literal["image"]


class MessageToSend(AsGiven):
    content: list[ScheduledText | ScheduledImage] | str
    role: Literal["user", "assistant", "system"]
    name: str | None = None
    otid: str | None = None
    sender_id: str | None = None
    type: Literal["message"] = "message"


class MessagesToSend(AsGiven):
    messages: list[MessageToSend] = Field(min_length=1)
    callback_url: str | None = None
    include_return_message_types: list[ReturnType] | None = None
    max_steps: float | None = Field(default=None, ge=0, le=10_000)


class OneTime(AsGiven):
    """A single time. `scheduled_at` is a Unix time, in milliseconds or seconds."""

    scheduled_at: float = Field(allow_inf_nan=False)
    type: Literal["one-time"] = "one-time"

    @property
    def seconds(self) -> float:
        is_fine = abs(self.scheduled_at) >= FIRST_MILLISECONDS
        return self.scheduled_at / 1_000 if is_fine else self.scheduled_at


class Recurring(AsGiven):
    """A repeated time. `cron_expression` has five fields, or six with seconds first; in UTC."""

    cron_expression: str = Field(max_length=200)
    type: Literal["recurring"]


def _kind(value: object) -> str:
    given = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return "recurring" if given == "recurring" else "one-time"


Schedule = Annotated[
    Annotated[OneTime, Tag("one-time")] | Annotated[Recurring, Tag("recurring")],
    Discriminator(_kind),
]


class ScheduledMessage(Wire):
    """What an agent is sent, and when. After the last time there is no next one."""

    id: str
    agent_id: str
    message: MessagesToSend
    next_scheduled_time: JsTime | None
    schedule: Schedule


class ScheduledMessages(Wire):
    has_next_page: bool
    scheduled_messages: list[ScheduledMessage]


class ScheduleCreated(Wire):
    id: str
    next_scheduled_at: JsTime | None


class ScheduleDeleted(Wire):
    success: Literal[True] = True


class CreateSchedule(Body):
    """A request with messages, their schedule, and how they are processed."""

    messages: list[MessageToSend] = Field(min_length=1)
    schedule: Schedule
    callback_url: str | None = None
    include_return_message_types: list[ReturnType] | None = None
    max_steps: float | None = Field(default=None, ge=0, le=10_000)
