"""Changes of messages."""

from typing import Annotated, Literal

from pydantic import Field, RootModel

from mockletta.wire.base import Body
from mockletta.wire.message_content import TextContent, UserContent


class UpdateSystemMessage(Body):
    message_type: Literal["system_message"] = "system_message"
    content: str


class UpdateUserMessage(Body):
    message_type: Literal["user_message"] = "user_message"
    content: str | list[UserContent]


class UpdateReasoningMessage(Body):
    reasoning: str
    message_type: Literal["reasoning_message"] = "reasoning_message"


class UpdateAssistantMessage(Body):
    message_type: Literal["assistant_message"] = "assistant_message"
    content: str | list[Annotated[TextContent, Field(discriminator="type")]]


class MessageUpdate(
    RootModel[
        UpdateSystemMessage | UpdateUserMessage | UpdateReasoningMessage | UpdateAssistantMessage
    ]
):
    """A change of a message. No message can be changed, but a malformed change gets its own error
    [86]."""
