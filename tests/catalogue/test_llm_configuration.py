import pytest
from pydantic import BaseModel

from mockletta.catalogue.llm_configuration import (
    Overrides,
    configure,
    default_model_settings,
    override,
)
from mockletta.catalogue.model_catalogue import llm_config
from mockletta.errors import NotFound
from mockletta.wire.agents import AgentType
from mockletta.wire.model_settings import (
    AnthropicModelSettings,
    AnthropicThinking,
    ChatGPTOAuthModelSettings,
    GeminiThinkingConfig,
    GoogleAIModelSettings,
)
from mockletta.wire.models import LLMConfig
from mockletta.wire.openai_settings import OpenAIModelSettings, OpenAIReasoning
from mockletta.wire.response_formats import JsonObjectResponseFormat

V1 = AgentType.letta_v1_agent
MINI = "openai/gpt-4o-mini"
NOTHING = Overrides()
FRESH = OpenAIModelSettings(
    max_output_tokens=16384,
    temperature=1.0,
    reasoning=OpenAIReasoning(reasoning_effort="minimal"),
    strict=False,
)


def difference(config: LLMConfig, model: str = MINI) -> dict[str, object]:
    before = dict(llm_config(model))
    return {key: value for key, value in config if before[key] != value}


def shown(settings: BaseModel) -> str:
    return settings.model_dump_json()


def test_a_fresh_agent_shows_the_recorded_settings() -> None:
    config, settings = configure(MINI, V1, NOTHING)
    assert difference(config) == {"enable_reasoner": False}
    assert shown(settings) == (
        '{"max_output_tokens":16384,"parallel_tool_calls":true,"provider_type":"openai",'
        '"temperature":1.0,"reasoning":{"reasoning_effort":"minimal"},"response_format":null,'
        '"strict":false}'
    )


def test_a_reasoning_model_reasons_minimally() -> None:
    config, settings = configure("openai/gpt-5", V1, NOTHING)
    assert difference(config, "openai/gpt-5") == {"reasoning_effort": "minimal"}
    assert config.verbosity == "medium"
    assert settings == FRESH


@pytest.mark.parametrize(
    "agent_type",
    ["memgpt_agent", "memgpt_v2_agent", "react_agent", "sleeptime_agent", "voice_sleeptime_agent"],
)
def test_older_agent_types_tell_the_model_to_think_aloud(agent_type: str) -> None:
    config, settings = configure(MINI, AgentType(agent_type), NOTHING)
    assert difference(config) == {"put_inner_thoughts_in_kwargs": True}
    assert settings == FRESH


def test_given_settings_reach_the_config_and_come_back_as_recorded() -> None:
    given = OpenAIModelSettings(temperature=0.1, max_output_tokens=500)
    overrides = Overrides(model_settings=given, context_window_limit=20000)
    config, settings = configure(MINI, V1, overrides)
    assert settings == given
    assert difference(config) == {
        "context_window": 20000,
        "temperature": 0.1,
        "max_tokens": 500,
        "enable_reasoner": False,
        "reasoning_effort": "high",
        "parallel_tool_calls": True,
        "strict": True,
    }


def test_given_settings_without_an_output_limit_show_the_model_s() -> None:
    config, settings = configure(MINI, V1, Overrides(model_settings=OpenAIModelSettings()))
    assert (config.max_tokens, config.temperature) == (16384, 0.7)
    assert settings == OpenAIModelSettings(max_output_tokens=16384)


@pytest.mark.parametrize("limit", [0, 100, 10_000_000])
def test_any_context_window_is_accepted(limit: int) -> None:
    config, settings = configure(MINI, V1, Overrides(context_window_limit=limit))
    assert (config.context_window, settings) == (limit, FRESH)


def test_the_older_parameters_reach_config_and_settings() -> None:
    format_ = JsonObjectResponseFormat()
    overrides = Overrides(max_tokens=99, parallel_tool_calls=False, response_format=format_)
    config, settings = configure(MINI, V1, overrides)
    assert difference(config) == {
        "max_tokens": 99,
        "enable_reasoner": False,
        "response_format": format_,
    }
    assert settings == FRESH.model_copy(
        update={
            "max_output_tokens": 99,
            "parallel_tool_calls": False,
            "response_format": format_,
        }
    )


def test_a_format_counts_more_than_the_settings_and_a_limit_less() -> None:
    overrides = Overrides(
        model_settings=GoogleAIModelSettings(max_output_tokens=500),
        max_tokens=99,
        response_format=JsonObjectResponseFormat(),
    )
    config, settings = configure("google_ai/gemini-2.5-pro", V1, overrides)
    assert config.max_tokens == 500
    assert settings == GoogleAIModelSettings(
        max_output_tokens=500, response_schema=JsonObjectResponseFormat()
    )


def test_a_config_given_whole_keeps_what_it_says() -> None:
    given = LLMConfig(model="gpt-4o", model_endpoint_type="openai", context_window=1000)
    config, settings = configure(given, V1, NOTHING)
    assert config == given.model_copy(update={"enable_reasoner": False})
    assert settings == FRESH.model_copy(update={"max_output_tokens": 4096})


def test_claude_thinks_unless_told_not_to() -> None:
    thinking = AnthropicModelSettings(max_output_tokens=64000)
    assert configure("anthropic/claude-sonnet-4-5", V1, NOTHING)[1] == thinking
    config, settings = configure("anthropic/claude-sonnet-4-5", V1, Overrides(reasoning=False))
    assert (config.enable_reasoner, config.max_reasoning_tokens) == (False, 0)
    assert settings == thinking.model_copy(update={"thinking": AnthropicThinking(type="disabled")})


def test_gemini_thinks_within_the_budget_it_is_given() -> None:
    overrides = Overrides(max_reasoning_tokens=256)
    assert configure("google_ai/gemini-2.5-flash", V1, overrides)[1] == GoogleAIModelSettings(
        temperature=1.0, thinking_config=GeminiThinkingConfig(thinking_budget=256)
    )


def test_openai_s_reasoning_models_cannot_be_told_not_to() -> None:
    config, _ = configure("openai/o3", V1, Overrides(enable_reasoner=False))
    assert (config.enable_reasoner, config.reasoning_effort) == (True, "medium")


def test_reasoning_counts_before_enable_reasoner() -> None:
    overrides = Overrides(reasoning=True, enable_reasoner=False)
    assert configure(MINI, AgentType.memgpt_agent, overrides)[0].enable_reasoner
    off = overrides._replace(reasoning=None)
    assert not configure(MINI, AgentType.memgpt_agent, off)[0].enable_reasoner


def test_chatgpt_s_settings_do_without_the_effort_they_cannot_say() -> None:
    config, settings = configure("chatgpt_oauth/gpt-5.2", V1, NOTHING)
    assert config.reasoning_effort == "minimal"
    assert settings == ChatGPTOAuthModelSettings(max_output_tokens=16384, temperature=1.0)


def test_a_provider_without_settings_of_its_own_shows_openai_s() -> None:
    settings = default_model_settings(llm_config("ollama/llama3.2"))
    assert settings == FRESH.model_copy(update={"max_output_tokens": 8192})


def test_a_later_change_starts_from_the_present_config() -> None:
    config, _ = configure(MINI, V1, Overrides(context_window_limit=2000))
    changed, settings = override(config, Overrides(max_tokens=7))
    assert changed == config.model_copy(update={"max_tokens": 7})
    assert settings == FRESH.model_copy(update={"max_output_tokens": 7})


def test_an_unknown_handle_is_not_found() -> None:
    with pytest.raises(NotFound):
        configure("openai/none", V1, NOTHING)
