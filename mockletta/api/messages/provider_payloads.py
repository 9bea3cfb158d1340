"""A model call in the form of its provider: chat completions, unless the provider has another
form."""

from collections.abc import Callable, Mapping

from mockletta.api.messages.anthropic_payloads import anthropic_request
from mockletta.api.messages.google_payloads import google_request
from mockletta.api.messages.model_requests import ModelRequest, strict_schema
from mockletta.api.messages.responses_payloads import responses_request
from mockletta.brain.decisions import ChatMessage, ToolSchema
from mockletta.catalogue.model_catalogue import family_of
from mockletta.errors import USER_ID
from mockletta.wire.models import LLMConfig

_OWN_WORDS: Mapping[str, Callable[[ModelRequest], dict[str, object]]] = {
    "anthropic": anthropic_request,
    "google_ai": google_request,
    "google_vertex": google_request,
}


def provider_request(asked: ModelRequest) -> dict[str, object]:
    """Return the request for the provider of a model."""
    kind = asked.llm.model_endpoint_type
    if kind == "openai" and _is_reasoning(asked.llm.model):
        return responses_request(asked)
    return _OWN_WORDS.get(kind, chat_request)(asked)


def _is_reasoning(model: str) -> bool:
    family = family_of(model)
    return family is not None and family.reasons


def chat_request(asked: ModelRequest) -> dict[str, object]:
    """Return the request of chat completions [60 step trace, 85 *: preview]."""
    llm = asked.llm
    first = [] if asked.system is None else [{"content": asked.system, "role": "system"}]
    request: dict[str, object] = {
        "model": llm.model,
        "messages": [*first, *map(chat_message, asked.messages)],
        "max_completion_tokens": llm.max_tokens,
    }
    if llm.response_format is not None:
        request["response_format"] = llm.response_format.model_dump(mode="json")
    request |= {"temperature": llm.temperature, "user": USER_ID}
    if asked.tools:
        request["parallel_tool_calls"] = llm.parallel_tool_calls
        request["tools"] = [_tool(tool, strict=llm.strict) for tool in asked.tools]
        request["tool_choice"] = _choice(asked)
    return request


def _choice(asked: ModelRequest) -> object:
    if asked.forced is not None:
        return {"type": "function", "function": {"name": asked.forced}}
    return "required" if asked.must_call else "auto"


def chat_message(message: ChatMessage) -> dict[str, object]:
    """Return one message as it is sent. A message with calls only has no content."""
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for call in message.tool_calls
    ]
    content = [*message.parts] or message.text
    shown: dict[str, object] = {"content": content, "role": message.role}
    if message.name is not None:
        shown["name"] = message.name
    if calls:
        shown |= {"content": message.text or None, "tool_calls": calls}
    if message.tool_call_id is not None:
        shown["tool_call_id"] = message.tool_call_id
    return shown


def chat_response(
    answer_id: str,
    llm: LLMConfig,
    answer: ChatMessage,
    *,
    finish: str,
    created: int,
    usage: Mapping[str, object],
) -> dict[str, object]:
    """Return a provider's answer; `created` is in seconds since 1970 [60 step trace]."""
    sent = chat_message(answer)
    message = {
        "content": sent["content"],
        "refusal": None,
        "role": "assistant",
        "annotations": None,
        "audio": None,
        "function_call": None,
        "tool_calls": sent.get("tool_calls"),
    }
    return {
        "id": answer_id,
        "choices": [{"finish_reason": finish, "index": 0, "logprobs": None, "message": message}],
        "created": created,
        "model": llm.model,
        "object": "chat.completion",
        "service_tier": None,
        "system_fingerprint": None,
        "usage": dict(usage),
    }


def _tool(tool: ToolSchema, *, strict: bool) -> dict[str, object]:
    function: dict[str, object] = {
        "name": tool.name,
        "description": tool.description or None,
        "parameters": strict_schema(tool.parameters) if strict else dict(tool.parameters),
    }
    if strict:
        function["strict"] = True
    return {"type": "function", "function": function}
