"""An agent's llm_config and model_settings, made from the parameters of a request.

1. Both say the same and can disagree: unless settings are given, llm_config forbids parallel tool
   calls while model_settings allow them [50 model only].
2. Given settings replace everything they have a field for, except the output limit if they leave it
   out [33 create agent].
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from mockletta.catalogue.agent_types import traits_of
from mockletta.catalogue.model_catalogue import (
    NO_OWN_MODELS,
    Family,
    OwnModels,
    family_of,
    llm_config,
)
from mockletta.wire.agents import AgentType
from mockletta.wire.models import LLMConfig
from mockletta.wire.openai_settings import OpenAIModelSettings
from mockletta.wire.provider_types import ProviderType

if TYPE_CHECKING:
    from mockletta.wire.model_settings import ModelSettings
    from mockletta.wire.response_formats import ResponseFormat

_FORMAT_FIELDS = {"response_format", "response_schema"}


class Overrides(NamedTuple):
    """What a request says about its agent's model; None changes nothing.

    Limits are in tokens. `reasoning` takes precedence over the older `enable_reasoner`.
    """

    model_settings: "ModelSettings | None" = None
    context_window_limit: int | None = None
    max_tokens: int | None = None
    parallel_tool_calls: bool | None = None
    reasoning: bool | None = None
    enable_reasoner: bool | None = None
    max_reasoning_tokens: int | None = None
    response_format: "ResponseFormat | None" = None


def configure(
    model: str | LLMConfig,
    agent_type: AgentType,
    overrides: Overrides,
    own: OwnModels = NO_OWN_MODELS,
) -> "tuple[LLMConfig, ModelSettings]":
    """Configure the model of a new agent, from a handle or a whole configuration.

    Raises NotFound if it is unknown. `own` are the user's own providers.
    """
    config = llm_config(model, own) if isinstance(model, str) else model
    return override(_with_reasoning(config, agent_type, _wants_reasoning(overrides)), overrides)


def override(config: LLMConfig, overrides: Overrides) -> "tuple[LLMConfig, ModelSettings]":
    """Apply a request to a model. The settings' own limit of tokens takes precedence [74 PATCH
    max_tokens]."""
    given = overrides.model_settings
    if given is not None:
        from mockletta.catalogue.given_settings import config_of  # noqa: PLC0415 - few give any

        config = config.changed(config_of(given))
    config = config.changed(_of_request(overrides))
    settings = given or default_model_settings(config)
    return config, settings.changed(_same_in_settings(settings, config, overrides))


def default_model_settings(config: LLMConfig) -> "ModelSettings":
    """Return the settings that an agent shows if a request gives none [50 model only].

    Providers without settings of their own show OpenAI's. Each provider's class takes the values of
    its fields.
    """
    settings = _settings_of(config.model_endpoint_type)
    thinks = "enabled" if config.enable_reasoner else "disabled"
    budget = {"budget_tokens": config.max_reasoning_tokens} if config.max_reasoning_tokens else {}
    return settings.model_validate(
        {
            **({"max_output_tokens": config.max_tokens} if config.max_tokens else {}),
            "temperature": config.temperature,
            "reasoning": _reasoning(config),
            "thinking": {"type": thinks, **budget},
            "thinking_config": {
                "include_thoughts": config.enable_reasoner,
                "thinking_budget": config.max_reasoning_tokens or 1024,
            },
            "response_format": config.response_format,
            "response_schema": config.response_format,
            "verbosity": config.verbosity,
            "effort": config.effort,
            "strict": config.strict,
            "tool_call_parser": config.tool_call_parser,
        }
    )


def _settings_of(provider: str) -> "type[ModelSettings]":
    if provider == ProviderType.openai:
        return OpenAIModelSettings
    from mockletta.wire.model_settings import BY_PROVIDER  # noqa: PLC0415 - those of all others

    return BY_PROVIDER.get(provider, OpenAIModelSettings)


def _reasoning(config: LLMConfig) -> Mapping[str, object]:
    # OpenAI's default is minimal, which ChatGPT's settings do not have.
    effort = config.reasoning_effort
    return {} if effort in (None, "minimal") else {"reasoning_effort": effort}


def _wants_reasoning(overrides: Overrides) -> bool:
    if overrides.reasoning is not None:
        return overrides.reasoning
    return overrides.enable_reasoner is not False


def _with_reasoning(config: LLMConfig, agent_type: AgentType, wanted: bool) -> LLMConfig:
    family = family_of(config.model)
    if family is not None and family.reasons:
        return config.changed(_native_reasoning(config, family, wanted))
    prompted = wanted and traits_of(agent_type).prompted_reasoning
    return config.changed({"put_inner_thoughts_in_kwargs": prompted, "enable_reasoner": prompted})


def _native_reasoning(config: LLMConfig, family: Family, wanted: bool) -> dict[str, object]:
    # Reasoning cannot be switched off for OpenAI's reasoning models.
    reasons = wanted or family.reasoning_effort is not None
    tokens = config.max_reasoning_tokens or family.max_reasoning_tokens
    return {
        "put_inner_thoughts_in_kwargs": False,
        "enable_reasoner": reasons,
        "reasoning_effort": config.reasoning_effort or family.reasoning_effort,
        "max_reasoning_tokens": tokens if reasons else 0,
        "verbosity": config.verbosity or family.verbosity,
    }


def _of_request(overrides: Overrides) -> dict[str, object]:
    given = overrides.model_settings
    limited = given is not None and "max_output_tokens" in given.model_fields_set
    values = {
        "context_window": overrides.context_window_limit,
        "max_tokens": None if limited else overrides.max_tokens,
        "parallel_tool_calls": overrides.parallel_tool_calls,
        "max_reasoning_tokens": overrides.max_reasoning_tokens,
        "response_format": overrides.response_format,
    }
    return {key: value for key, value in values.items() if value is not None}


def _same_in_settings(
    settings: "ModelSettings", config: LLMConfig, overrides: Overrides
) -> dict[str, object]:
    values: dict[str, object] = {
        "max_output_tokens": config.max_tokens or settings.max_output_tokens
    }
    if overrides.parallel_tool_calls is not None:
        values["parallel_tool_calls"] = overrides.parallel_tool_calls
    if overrides.response_format is not None:
        fields = _FORMAT_FIELDS & type(settings).model_fields.keys()
        values |= dict.fromkeys(fields, overrides.response_format)
    return values
