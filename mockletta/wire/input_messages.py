"""Messages to agents, and the parts of their content."""

from typing import Annotated, Literal

from pydantic import Field

from mockletta.wire.base import Body


class TextPart(Body):
    type: Literal["text"] = "text"
    text: str
    signature: str | None = None


class UrlImage(Body):
    type: Literal["url"] = "url"
    url: str


class Base64Image(Body):
    type: Literal["base64"] = "base64"
    media_type: str
    data: str
    detail: str | None = None


class LettaImagePart(Body):
    type: Literal["letta"] = "letta"
    file_id: str
    media_type: str | None = None
    data: str | None = None
    detail: str | None = None


class ImagePart(Body):
    type: Literal["image"] = "image"
    source: Annotated[UrlImage | Base64Image | LettaImagePart, Field(discriminator="type")]


class ToolCallPart(Body):
    type: Literal["tool_call"] = "tool_call"
    id: str
    name: str
    input: dict[str, object]


class ToolReturnPart(Body):
    type: Literal["tool_return"] = "tool_return"
    tool_call_id: str
    content: str
    is_error: bool


class ReasoningPart(Body):
    type: Literal["reasoning"] = "reasoning"
    is_native: bool
    reasoning: str
    signature: str | None = None


class RedactedReasoningPart(Body):
    type: Literal["redacted_reasoning"] = "redacted_reasoning"
    data: str


class OmittedReasoningPart(Body):
    type: Literal["omitted_reasoning"] = "omitted_reasoning"


class ReasoningSummary(Body):
    index: int
    text: str


class SummarizedReasoningPart(Body):
    type: Literal["summarized_reasoning"] = "summarized_reasoning"
    id: str
    summary: list[ReasoningSummary]
    encrypted_content: str | None = None


ContentPart = Annotated[
    TextPart
    | ImagePart
    | ToolCallPart
    | ToolReturnPart
    | ReasoningPart
    | RedactedReasoningPart
    | OmittedReasoningPart
    | SummarizedReasoningPart,
    Field(discriminator="type"),
]


class MessageCreate(Body):
    """A message to an agent; `otid` is the client's own id, any string."""

    type: Literal["message"] | None = "message"
    role: Literal["user", "system", "assistant"]
    content: str | list[ContentPart]
    name: str | None = None
    otid: str | None = None
    sender_id: str | None = None
    batch_item_id: str | None = None
    group_id: str | None = None
