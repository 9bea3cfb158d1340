"""What the model settings of a request change in llm_config."""

from mockletta.wire.model_settings import (
    AnthropicModelSettings,
    ChatGPTOAuthModelSettings,
    GoogleAIModelSettings,
    GoogleVertexModelSettings,
    ModelSettings,
    MoonshotCodingModelSettings,
    SGLangModelSettings,
    ZAIModelSettings,
)
from mockletta.wire.openai_settings import OpenAIModelSettings

_SAME_IN_BOTH = {
    "temperature",
    "parallel_tool_calls",
    "response_format",
    "verbosity",
    "effort",
    "strict",
    "tool_call_parser",
}


def config_of(settings: ModelSettings) -> dict[str, object]:
    """Return the values of llm_config that settings give."""
    same = {key: value for key, value in settings if key in _SAME_IN_BOTH}
    return same | _output_limit(settings) | _reasoning_of(settings)


def _output_limit(settings: ModelSettings) -> dict[str, object]:
    given = "max_output_tokens" in settings.model_fields_set
    return {"max_tokens": settings.max_output_tokens} if given else {}


def _reasoning_of(settings: ModelSettings) -> dict[str, object]:
    match settings:
        case OpenAIModelSettings() | SGLangModelSettings() | ChatGPTOAuthModelSettings():
            return {"reasoning_effort": settings.reasoning.reasoning_effort}
        case AnthropicModelSettings() | MoonshotCodingModelSettings():
            return {
                "enable_reasoner": settings.thinking.type == "enabled",
                "max_reasoning_tokens": settings.thinking.budget_tokens,
            }
        case GoogleAIModelSettings() | GoogleVertexModelSettings():
            return {
                "enable_reasoner": settings.thinking_config.include_thoughts,
                "max_reasoning_tokens": settings.thinking_config.thinking_budget,
                "response_format": settings.response_schema,
            }
        case ZAIModelSettings():
            return {"enable_reasoner": settings.thinking.type == "enabled"}
        case _:
            return {}
