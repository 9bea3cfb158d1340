"""What a model is sent, in the words of each provider."""

from typing import Any

import pytest

from mockletta.api.messages.model_requests import ModelRequest, strict_schema
from mockletta.api.messages.provider_payloads import provider_request
from mockletta.brain.decisions import ChatMessage, ToolCall, ToolSchema
from mockletta.catalogue.model_catalogue import llm_config
from mockletta.wire.response_formats import (
    JsonObjectResponseFormat,
    JsonSchemaResponseFormat,
    ResponseFormat,
    TextResponseFormat,
)

PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {"word": {"type": "string"}, "limit": {"type": "integer"}},
    "required": ["word"],
}
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}
TALK = (
    ChatMessage("user", "", parts=({"type": "text", "text": "Look"}, IMAGE)),
    ChatMessage("assistant", "I see", tool_calls=(ToolCall("c1", "find", '{"word": "x"}'),)),
    ChatMessage("tool", "found", tool_call_id="c1", name="find"),
    ChatMessage("system", "Be short"),
)


def asked(model: str, *talk: ChatMessage, strict: bool = False, **changes: Any) -> Any:  # noqa: ANN401
    """What the provider of a model is sent for a talk."""
    llm = llm_config(model).changed({"strict": strict, "temperature": 1.0})
    tools = [ToolSchema("find", "Find a word.", PARAMETERS)]
    request = {"system": "You help.", "messages": talk or TALK, "tools": tools} | changes
    return provider_request(ModelRequest(llm.changed(request.pop("llm", {})), **request))


def test_a_strict_schema_requires_everything_and_lets_null_stand_for_what_is_left_out() -> None:
    assert strict_schema(PARAMETERS) == {
        "type": "object",
        "properties": {"word": {"type": "string"}, "limit": {"type": ["integer", "null"]}},
        "required": ["word", "limit"],
        "additionalProperties": False,
    }


def test_a_strict_schema_is_strict_in_its_depth() -> None:
    nested = {"type": "array", "items": PARAMETERS}
    given = {"type": "object", "properties": {"all": nested, "odd": True}, "required": ["all"]}

    strict: Any = strict_schema(given)

    assert strict["properties"]["all"]["items"] == strict_schema(PARAMETERS)
    assert strict["properties"]["odd"] is True


@pytest.mark.parametrize("model", ["openai/gpt-4o-mini", "openai/gpt-5"])
def test_tools_are_strict_if_the_model_is(model: str) -> None:
    tool = asked(model, strict=True)["tools"][0]
    assert tool.get("function", tool)["strict"] is True
    assert tool.get("function", tool)["parameters"] == strict_schema(PARAMETERS)


@pytest.mark.parametrize(
    ("model", "place", "choices"),
    [
        (
            "openai/gpt-4o-mini",
            "tool_choice",
            ["auto", "required", {"type": "function", "function": {"name": "find"}}],
        ),
        (
            "openai/gpt-5",
            "tool_choice",
            ["auto", "required", {"type": "function", "name": "find"}],
        ),
        (
            "anthropic/claude-haiku-4-5",
            "tool_choice",
            [
                {"type": "auto", "disable_parallel_tool_use": True},
                {"type": "any", "disable_parallel_tool_use": True},
                {"type": "tool", "name": "find", "disable_parallel_tool_use": True},
            ],
        ),
    ],
)
def test_a_call_can_be_demanded(model: str, place: str, choices: list[object]) -> None:
    llm = {"parallel_tool_calls": False}
    sent = [
        asked(model, llm=llm),
        asked(model, llm=llm, must_call=True),
        asked(model, llm=llm, must_call=True, forced="find"),
    ]
    assert [one[place] for one in sent] == choices


def test_openais_reasoning_models_are_sent_items() -> None:
    sent = asked("openai/gpt-5", llm={"reasoning_effort": "low"})

    assert sent["reasoning"] == {"effort": "low", "summary": "detailed"}
    assert (sent["temperature"], sent["text"]) == (None, {"verbosity": "medium"})
    assert sent["input"] == [
        {"content": "You help.", "role": "developer"},
        {
            "content": [
                {"text": "Look", "type": "input_text"},
                {
                    "detail": "auto",
                    "image_url": "data:image/png;base64,AA",
                    "type": "input_image",
                },
            ],
            "role": "user",
        },
        {"content": "I see", "role": "assistant"},
        {
            "arguments": '{"word": "x"}',
            "call_id": "c1",
            "name": "find",
            "status": "completed",
            "type": "function_call",
        },
        {"call_id": "c1", "output": "found", "type": "function_call_output"},
        {"content": "Be short", "role": "developer"},
    ]


def test_anthropics_models_are_sent_blocks_the_last_of_which_is_cached() -> None:
    sent = asked("anthropic/claude-haiku-4-5")

    marked = {"cache_control": {"type": "ephemeral"}}
    assert sent["system"] == [{"type": "text", "text": "You help.", **marked}]
    assert sent["tools"][-1]["cache_control"] == marked["cache_control"]
    assert sent["messages"] == [
        {
            "content": [
                {"type": "text", "text": "Look"},
                {"type": "image", "source": {"type": "url", "url": "data:image/png;base64,AA"}},
            ],
            "role": "user",
        },
        {
            "content": [
                {"type": "text", "text": "I see"},
                {"type": "tool_use", "id": "c1", "name": "find", "input": {"word": "x"}},
            ],
            "role": "assistant",
        },
        {
            "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "found"}],
            "role": "user",
        },
        {"content": [{"type": "text", "text": "Be short", **marked}], "role": "user"},
    ]


def test_an_anthropic_model_that_thinks_has_a_budget() -> None:
    thinking = {"enable_reasoner": True, "max_reasoning_tokens": 2048}
    sent = asked("anthropic/claude-haiku-4-5", llm=thinking, tools=(), system=None, messages=())
    assert sent["thinking"] == {"type": "enabled", "budget_tokens": 2048}
    assert sent.keys() == {"model", "max_tokens", "temperature", "thinking", "messages"}


def test_googles_models_are_sent_contents() -> None:
    sent = asked("google_ai/gemini-2.5-flash", must_call=True, forced="find")

    calling = sent["config"]["tool_config"]["function_calling_config"]
    assert (calling["mode"], calling["allowed_function_names"]) == ("ANY", ["find"])
    assert sent["config"]["tools"][0]["functionDeclarations"][0]["parameters"] == PARAMETERS
    assert sent["contents"] == [
        {"role": "user", "parts": [{"text": "You help."}]},
        {
            "role": "user",
            "parts": [{"text": "Look"}, {"inline_data": "data:image/png;base64,AA"}],
        },
        {
            "role": "model",
            "parts": [
                {"text": "I see"},
                {"functionCall": {"name": "find", "args": {"word": "x"}}},
            ],
        },
        {
            "role": "function",
            "parts": [
                {"functionResponse": {"name": "find", "response": {"response": "found"}}},
            ],
        },
        {"role": "user", "parts": [{"text": "Be short"}]},
    ]


def test_what_is_not_given_is_not_sent() -> None:
    nothing: dict[str, Any] = {"tools": (), "system": None}
    assert asked("google_ai/gemini-2.5-flash", **nothing)["config"].keys() == {
        "temperature",
        "max_output_tokens",
        "thinking_config",
    }
    assert "tool_choice" not in asked("openai/gpt-5", **nothing)


def test_chat_completions_are_sent_a_text_format() -> None:
    given = {"response_format": TextResponseFormat()}
    assert asked("openai/gpt-4o-mini", llm=given)["response_format"] == {"type": "text"}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (TextResponseFormat(), None),
        (JsonObjectResponseFormat(), None),
        (JsonSchemaResponseFormat(json_schema={"name": "n"}), None),
        (
            JsonSchemaResponseFormat(json_schema={"schema": {}, "strict": False}),
            {"type": "json_schema", "name": "response_schema", "schema": {}, "strict": False},
        ),
    ],
)
def test_the_responses_api_is_sent_schemas_alone(given: ResponseFormat, sent: object) -> None:
    text = asked("openai/gpt-5", llm={"response_format": given})["text"]
    assert text.get("format") == sent
