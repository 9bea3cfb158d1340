"""The model settings of each provider, and their response formats.

Requests and responses have the same shapes; missing fields get the provider's defaults [01
model_settings openai].

1. The enums have the server's names and the unions its order, since its 422 texts quote both
   [01 model_settings unknown provider_type, 42 response_format bad].
2. The two providers that are newer than the recordings are last.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from mockletta.wire.base import Wire
from mockletta.wire.providers import ProviderType

ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh"]
Effort = Literal["low", "medium", "high", "xhigh", "max"]
Verbosity = Literal["low", "medium", "high"]


class SharedPart(Wire, extra="ignore", defer_build=False):
    """A part of many shapes. It is built at once: each of them would build it again otherwise."""


class ResponseFormatType(StrEnum):
    text = "text"
    json_schema = "json_schema"
    json_object = "json_object"


class TextResponseFormat(SharedPart):
    type: Literal[ResponseFormatType.text] = ResponseFormatType.text


class JsonSchemaResponseFormat(SharedPart):
    type: Literal[ResponseFormatType.json_schema] = ResponseFormatType.json_schema
    json_schema: dict[str, object]


class JsonObjectResponseFormat(SharedPart):
    type: Literal[ResponseFormatType.json_object] = ResponseFormatType.json_object


ResponseFormat = Annotated[
    TextResponseFormat | JsonSchemaResponseFormat | JsonObjectResponseFormat,
    Field(discriminator="type"),
]


class OpenAIReasoning(SharedPart):
    reasoning_effort: ReasoningEffort = "minimal"


class ChatGPTOAuthReasoning(SharedPart):
    reasoning_effort: Literal["none", "low", "medium", "high", "xhigh"] = "medium"


class AnthropicThinking(SharedPart):
    """`budget_tokens` limits the thinking."""

    type: Literal["enabled", "disabled"] = "enabled"
    budget_tokens: int = 1024


class GeminiThinkingConfig(SharedPart):
    """`thinking_budget` is in tokens."""

    include_thoughts: bool = True
    thinking_budget: int = 1024


class ZAIThinking(SharedPart):
    type: Literal["enabled", "disabled"] = "enabled"
    clear_thinking: bool = False


class ProviderModelSettings(SharedPart):
    """The common settings of all providers."""

    max_output_tokens: int = 4096
    parallel_tool_calls: bool = True
    provider_type: ProviderType
    temperature: float = 0.7


class FormattedModelSettings(ProviderModelSettings):
    """The settings of providers that only add a response format."""

    response_format: ResponseFormat | None = None


class OpenAIModelSettings(ProviderModelSettings):
    provider_type: Literal[ProviderType.openai] = ProviderType.openai
    reasoning: OpenAIReasoning = OpenAIReasoning(reasoning_effort="high")
    response_format: ResponseFormat | None = None
    strict: bool = True


class SGLangModelSettings(ProviderModelSettings):
    provider_type: Literal[ProviderType.sglang] = ProviderType.sglang
    reasoning: OpenAIReasoning = OpenAIReasoning(reasoning_effort="high")
    response_format: ResponseFormat | None = None
    strict: bool = True
    tool_call_parser: str | None = None


class AnthropicModelSettings(ProviderModelSettings):
    """Anthropic's settings, recorded completely [01 model_settings anthropic]."""

    provider_type: Literal[ProviderType.anthropic] = ProviderType.anthropic
    temperature: float = 1.0
    thinking: AnthropicThinking = AnthropicThinking()
    response_format: ResponseFormat | None = None
    verbosity: Verbosity | None = None
    effort: Effort | None = None
    strict: bool = False


class GoogleAIModelSettings(ProviderModelSettings):
    max_output_tokens: int = 65536
    provider_type: Literal[ProviderType.google_ai] = ProviderType.google_ai
    thinking_config: GeminiThinkingConfig = GeminiThinkingConfig()
    response_schema: ResponseFormat | None = None


class GoogleVertexModelSettings(ProviderModelSettings):
    max_output_tokens: int = 65536
    provider_type: Literal[ProviderType.google_vertex] = ProviderType.google_vertex
    thinking_config: GeminiThinkingConfig = GeminiThinkingConfig()
    response_schema: ResponseFormat | None = None


class AzureModelSettings(FormattedModelSettings):
    provider_type: Literal[ProviderType.azure] = ProviderType.azure


class XAIModelSettings(FormattedModelSettings):
    provider_type: Literal[ProviderType.xai] = ProviderType.xai


class ZAIModelSettings(FormattedModelSettings):
    provider_type: Literal[ProviderType.zai] = ProviderType.zai
    thinking: ZAIThinking = ZAIThinking()


class GroqModelSettings(FormattedModelSettings):
    provider_type: Literal[ProviderType.groq] = ProviderType.groq


class DeepseekModelSettings(FormattedModelSettings):
    provider_type: Literal[ProviderType.deepseek] = ProviderType.deepseek


class TogetherModelSettings(FormattedModelSettings):
    provider_type: Literal[ProviderType.together] = ProviderType.together


class BedrockModelSettings(FormattedModelSettings):
    provider_type: Literal[ProviderType.bedrock] = ProviderType.bedrock


class BasetenModelSettings(ProviderModelSettings):
    provider_type: Literal[ProviderType.baseten] = ProviderType.baseten


class OpenRouterModelSettings(FormattedModelSettings):
    provider_type: Literal[ProviderType.openrouter] = ProviderType.openrouter


class ChatGPTOAuthModelSettings(ProviderModelSettings):
    provider_type: Literal[ProviderType.chatgpt_oauth] = ProviderType.chatgpt_oauth
    reasoning: ChatGPTOAuthReasoning = ChatGPTOAuthReasoning()


class MoonshotModelSettings(FormattedModelSettings):
    provider_type: Literal[ProviderType.moonshot] = ProviderType.moonshot
    strict: bool = False


class MoonshotCodingModelSettings(ProviderModelSettings):
    """The settings of Kimi's coding endpoint, which uses Anthropic's dialect."""

    provider_type: Literal[ProviderType.moonshot_coding] = ProviderType.moonshot_coding
    temperature: float = 1.0
    thinking: AnthropicThinking = AnthropicThinking()
    response_format: ResponseFormat | None = None
    verbosity: Verbosity | None = None
    effort: Effort | None = None
    strict: bool = False


ModelSettings = Annotated[
    OpenAIModelSettings
    | SGLangModelSettings
    | AnthropicModelSettings
    | GoogleAIModelSettings
    | GoogleVertexModelSettings
    | AzureModelSettings
    | XAIModelSettings
    | ZAIModelSettings
    | GroqModelSettings
    | DeepseekModelSettings
    | TogetherModelSettings
    | BedrockModelSettings
    | BasetenModelSettings
    | OpenRouterModelSettings
    | ChatGPTOAuthModelSettings
    | MoonshotModelSettings
    | MoonshotCodingModelSettings,
    Field(discriminator="provider_type"),
]
