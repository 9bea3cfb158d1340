"""The OpenAI-compatible interface of an agent: its requests and responses [57].

Keys and their order are as recorded.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mockletta.wire.base import Body, Wire
from mockletta.wire.messages import UsageStatistics

FinishReason = Literal["stop", "length"]


class ImageUrl(Body):
    url: str
    detail: str | None = None


class CompletionText(Body):
    type: Literal["text"]
    text: str


class CompletionImage(Body):
    type: Literal["image_url"]
    image_url: ImageUrl


CompletionPart = Annotated[CompletionText | CompletionImage, Field(discriminator="type")]


class CompletionMessage(Body):
    """A message of a client. Only messages that are new to the agent are read."""

    role: Literal["developer", "system", "user", "assistant", "tool", "function"]
    content: str | list[CompletionPart] | None = None
    name: str | None = None


class StreamOptions(Body):
    include_usage: bool = False


class CompletionRequest(Body):
    """A request for a completion. `model` is an agent's id. Sampling parameters have no effect."""

    model: str
    messages: list[CompletionMessage]
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    n: Annotated[int, Field(ge=1)] | None = 1
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = None
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    user: str | None = None


class CompletionUsage(Wire):
    """The tokens of the agent's whole turn."""

    completion_tokens: int
    prompt_tokens: int
    total_tokens: int
    completion_tokens_details: None = None
    prompt_tokens_details: None = None


class Delta(Wire):
    content: str | None = None
    function_call: None = None
    refusal: None = None
    role: Literal["assistant"] | None = None
    tool_calls: None = None


class ChunkChoice(Wire):
    delta: Delta
    finish_reason: FinishReason | None = None
    index: int = 0
    logprobs: None = None


class CompletionChunk(Wire):
    """A part of a streamed completion. The last one before the usage has the reason why it
    ended."""

    id: str
    choices: list[ChunkChoice]
    created: int
    model: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    service_tier: None = None
    system_fingerprint: None = None
    usage: CompletionUsage | None = None


class Answered(Wire):
    content: str | None
    refusal: None = None
    role: Literal["assistant"] = "assistant"
    annotations: None = None
    audio: None = None
    function_call: None = None
    tool_calls: None = None


class Choice(Wire):
    finish_reason: FinishReason
    index: int = 0
    logprobs: None = None
    message: Answered


class Completion(Wire):
    """A completion in one response."""

    id: str
    choices: list[Choice]
    created: int
    model: str
    object: Literal["chat.completion"] = "chat.completion"
    service_tier: None = None
    system_fingerprint: None = None
    usage: CompletionUsage


def _with_text(prompt: str) -> str:
    if not prompt.strip():
        raise ValueError("prompt cannot be empty or whitespace-only")
    return prompt


class GenerateRequest(Body):
    """A request to an agent's model without the agent's context."""

    prompt: Annotated[str, AfterValidator(_with_text)] = Field(min_length=1)
    system_prompt: str | None = None
    override_model: str | None = None
    response_schema: dict[str, object] | None = None


class GenerateResponse(Wire):
    content: str
    model: str
    usage: UsageStatistics
