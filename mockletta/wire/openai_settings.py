"""The settings of OpenAI's models, and what all providers have in common.

They are apart from those of other providers, since most agents need no others.
"""

from typing import TYPE_CHECKING, Literal

from mockletta.wire.base import SharedPart
from mockletta.wire.fields import lazy
from mockletta.wire.models import ReasoningEffort
from mockletta.wire.provider_types import ProviderType

if TYPE_CHECKING:
    from mockletta.wire.response_formats import ResponseFormat
else:
    ResponseFormat = lazy("wire.response_formats", "ResponseFormat")


class OpenAIReasoning(SharedPart):
    reasoning_effort: ReasoningEffort = "minimal"


class ProviderModelSettings(SharedPart):
    """The common settings of all providers."""

    max_output_tokens: int = 4096
    parallel_tool_calls: bool = True
    provider_type: ProviderType
    temperature: float = 0.7


class OpenAIModelSettings(ProviderModelSettings):
    provider_type: Literal[ProviderType.openai] = ProviderType.openai
    reasoning: OpenAIReasoning = OpenAIReasoning(reasoning_effort="high")
    response_format: ResponseFormat | None = None
    strict: bool = True
