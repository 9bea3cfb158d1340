"""The model settings of each provider, and their response formats.

Requests and responses have the same shapes; missing fields get the provider's defaults [01
model_settings openai].

1. The enums have the server's names and the unions its order, since its 422 texts quote both
   [01 model_settings unknown provider_type, 42 response_format bad].
2. The two providers that are newer than the recordings are last.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import Field

from mockletta.wire.base import SharedPart
from mockletta.wire.fields import lazy
from mockletta.wire.models import Effort, Verbosity
from mockletta.wire.openai_settings import (
    OpenAIModelSettings,
    OpenAIReasoning,
    ProviderModelSettings,
)
from mockletta.wire.provider_types import ProviderType

if TYPE_CHECKING:
    from mockletta.wire.response_formats import ResponseFormat
else:
    ResponseFormat = lazy("wire.response_formats", "ResponseFormat")


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


class FormattedModelSettings(ProviderModelSettings):
    """The settings of providers that only add a response format."""

    response_format: ResponseFormat | None = None


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
BY_PROVIDER: Mapping[str, type[ModelSettings]] = {
    settings.model_fields["provider_type"].default: settings
    for settings in get_args(get_args(ModelSettings)[0])
}
"""The settings of each provider."""
