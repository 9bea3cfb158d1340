"""The content of messages: texts and images, tool calls and what answers them."""

from typing import Annotated, Literal

from pydantic import Field

from mockletta.wire.base import Wire


class TextContent(Wire):
    type: Literal["text"] = "text"
    text: str
    signature: str | None = None


class LettaImage(Wire):
    """An image that the server stores, with its base64 data [14 all messages asc]."""

    type: Literal["letta"] = "letta"
    file_id: str
    media_type: str | None = None
    data: str | None = None
    detail: str | None = None


class ImageContent(Wire):
    type: Literal["image"] = "image"
    source: LettaImage


UserContent = Annotated[TextContent | ImageContent, Field(discriminator="type")]


class ToolCall(Wire):
    name: str
    arguments: str
    tool_call_id: str


class ToolReturn(Wire):
    """What a tool returned. A client's tool can return texts and images [30]."""

    type: Literal["tool"] = "tool"
    tool_return: str | list[UserContent]
    status: Literal["success", "error"]
    tool_call_id: str
    stdout: list[str] | None = None
    stderr: list[str] | None = None


class ApprovalReturn(Wire):
    """A client's answer to a call that waited for approval."""

    type: Literal["approval"] = "approval"
    tool_call_id: str
    approve: bool
    reason: str | None = None


class CompactionStats(Wire):
    """The size of a context in tokens and messages, before and after a compaction."""

    trigger: str
    context_tokens_before: int
    context_tokens_after: int
    context_window: int
    messages_count_before: int
    messages_count_after: int
