"""A model call in the words of a provider: the chat completions that most of them speak."""

from collections.abc import Iterable, Mapping, Sequence

from mockletta.brain.decisions import ChatMessage, ToolSchema
from mockletta.errors import USER_ID
from mockletta.wire.models import LLMConfig


def chat_request(
    llm: LLMConfig, system: str | None, messages: Iterable[ChatMessage], tools: Sequence[ToolSchema]
) -> dict[str, object]:
    """What a provider is sent [60 step trace]."""
    first = [] if system is None else [{"content": system, "role": "system"}]
    request: dict[str, object] = {
        "model": llm.model,
        "messages": [*first, *map(chat_message, messages)],
        "max_completion_tokens": llm.max_tokens,
        "temperature": llm.temperature,
        "user": USER_ID,
    }
    if tools:
        request["parallel_tool_calls"] = llm.parallel_tool_calls
        request["tools"] = [_tool(tool) for tool in tools]
        request["tool_choice"] = "auto"
    return request


def chat_message(message: ChatMessage) -> dict[str, object]:
    """One message as it is sent; one of calls alone has no content."""
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
    """What a provider answers; `created` is in seconds since 1970 [60 step trace]."""
    told = chat_message(answer)
    message = {
        "content": told["content"],
        "refusal": None,
        "role": "assistant",
        "annotations": None,
        "audio": None,
        "function_call": None,
        "tool_calls": told.get("tool_calls"),
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


def _tool(tool: ToolSchema) -> dict[str, object]:
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
    }
    return {"type": "function", "function": function}
