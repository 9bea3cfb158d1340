import pytest
from pydantic import ValidationError

from mockletta.wire.base import Body
from mockletta.wire.model_settings import ModelSettings
from mockletta.wire.response_formats import ResponseFormat

RECORDED_TAGS = (
    "<ProviderType.openai: 'openai'>, <ProviderType.sglang: 'sglang'>, "
    "<ProviderType.anthropic: 'anthropic'>, <ProviderType.google_ai: 'google_ai'>, "
    "<ProviderType.google_vertex: 'google_vertex'>, <ProviderType.azure: 'azure'>, "
    "<ProviderType.xai: 'xai'>, <ProviderType.zai: 'zai'>, <ProviderType.groq: 'groq'>, "
    "<ProviderType.deepseek: 'deepseek'>, <ProviderType.together: 'together'>, "
    "<ProviderType.bedrock: 'bedrock'>, <ProviderType.baseten: 'baseten'>, "
    "<ProviderType.openrouter: 'openrouter'>, <ProviderType.chatgpt_oauth: 'chatgpt_oauth'>"
)
NEWER_TAGS = (
    ", <ProviderType.moonshot: 'moonshot'>, <ProviderType.moonshot_coding: 'moonshot_coding'>"
)
FORMAT_TAGS = (
    "<ResponseFormatType.text: 'text'>, <ResponseFormatType.json_schema: 'json_schema'>, "
    "<ResponseFormatType.json_object: 'json_object'>"
)


class Request(Body):
    model_settings: ModelSettings | None = None
    response_format: ResponseFormat | None = None


def filled(settings: dict[str, object]) -> str:
    request = Request.model_validate({"model_settings": settings})
    assert request.model_settings is not None
    return request.model_settings.model_dump_json()


def refusal(body: dict[str, object]) -> list[object]:
    with pytest.raises(ValidationError) as caught:
        Request.model_validate(body)
    return list(caught.value.errors(include_url=False))


def test_openai_settings_are_filled_with_the_recorded_defaults_in_the_recorded_order() -> None:
    assert filled({"provider_type": "openai", "temperature": 0.2}) == (
        '{"max_output_tokens":4096,"parallel_tool_calls":true,"provider_type":"openai",'
        '"temperature":0.2,"reasoning":{"reasoning_effort":"high"},"response_format":null,'
        '"strict":true}'
    )


def test_anthropic_settings_are_filled_with_the_recorded_defaults_in_the_recorded_order() -> None:
    assert filled({"provider_type": "anthropic"}) == (
        '{"max_output_tokens":4096,"parallel_tool_calls":true,"provider_type":"anthropic",'
        '"temperature":1.0,"thinking":{"type":"enabled","budget_tokens":1024},'
        '"response_format":null,"verbosity":null,"effort":null,"strict":false}'
    )


def test_google_answers_with_up_to_65536_tokens_and_thinks() -> None:
    assert filled({"provider_type": "google_ai"}) == (
        '{"max_output_tokens":65536,"parallel_tool_calls":true,"provider_type":"google_ai",'
        '"temperature":0.7,"thinking_config":{"include_thoughts":true,"thinking_budget":1024},'
        '"response_schema":null}'
    )


def test_unknown_settings_are_ignored_on_the_way_in() -> None:
    assert filled({"provider_type": "baseten", "mood": "sunny"}) == (
        '{"max_output_tokens":4096,"parallel_tool_calls":true,"provider_type":"baseten",'
        '"temperature":0.7}'
    )


def test_settings_without_a_provider_are_refused_as_recorded() -> None:
    assert refusal({"model_settings": {"temperature": 0.2}}) == [
        {
            "type": "union_tag_not_found",
            "loc": ("model_settings",),
            "msg": "Unable to extract tag using discriminator 'provider_type'",
            "input": {"temperature": 0.2},
            "ctx": {"discriminator": "'provider_type'"},
        }
    ]


def test_an_unknown_provider_is_refused_with_the_recorded_ones_before_the_newer() -> None:
    tags = RECORDED_TAGS + NEWER_TAGS
    assert refusal({"model_settings": {"provider_type": "nope"}}) == [
        {
            "type": "union_tag_invalid",
            "loc": ("model_settings",),
            "msg": "Input tag 'nope' found using 'provider_type' does not match any of the "
            f"expected tags: {tags}",
            "input": {"provider_type": "nope"},
            "ctx": {"discriminator": "'provider_type'", "tag": "nope", "expected_tags": tags},
        }
    ]


def test_settings_that_are_no_object_are_refused_as_recorded() -> None:
    assert refusal({"model_settings": "x"}) == [
        {
            "type": "model_attributes_type",
            "loc": ("model_settings",),
            "msg": "Input should be a valid dictionary or object to extract fields from",
            "input": "x",
        }
    ]


def test_a_bad_value_is_located_under_its_provider() -> None:
    body: dict[str, object] = {"model_settings": {"provider_type": "openai", "temperature": "hot"}}
    error = refusal(body)
    assert error == [
        {
            "type": "float_parsing",
            "loc": ("model_settings", "openai", "temperature"),
            "msg": "Input should be a valid number, unable to parse string as a number",
            "input": "hot",
        }
    ]
    assert "('model_settings', 'openai', 'temperature')" in repr(error)


def test_an_unknown_response_format_is_refused_as_recorded() -> None:
    assert refusal({"response_format": {"type": "nope"}}) == [
        {
            "type": "union_tag_invalid",
            "loc": ("response_format",),
            "msg": "Input tag 'nope' found using 'type' does not match any of the expected tags: "
            f"{FORMAT_TAGS}",
            "input": {"type": "nope"},
            "ctx": {"discriminator": "'type'", "tag": "nope", "expected_tags": FORMAT_TAGS},
        }
    ]
