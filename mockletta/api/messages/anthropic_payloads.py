"""A model call in the form of Anthropic's Messages API [85x anthropic *: preview]."""

from collections.abc import Iterable, Mapping

from mockletta.api.messages.model_requests import ModelRequest
from mockletta.brain.decisions import ChatMessage
from mockletta.tools.call_arguments import parse_arguments

EPHEMERAL: Mapping[str, object] = {"cache_control": {"type": "ephemeral"}}
"""The mark for the cache on the last tool, the system prompt and the last part."""


def anthropic_request(asked: ModelRequest) -> dict[str, object]:
    """Return the request for a model of Anthropic."""
    llm = asked.llm
    request: dict[str, object] = {
        "model": llm.model,
        "max_tokens": llm.max_tokens,
        "temperature": llm.temperature,
    }
    if llm.enable_reasoner:
        request["thinking"] = {"type": "enabled", "budget_tokens": llm.max_reasoning_tokens}
    if asked.tools:
        request["tool_choice"] = _choice(asked)
        request["tools"] = _tools(asked)
    if asked.system is not None:
        request["system"] = [{"type": "text", "text": asked.system, **EPHEMERAL}]
    return {**request, "messages": _messages(asked.messages)}


def _choice(asked: ModelRequest) -> dict[str, object]:
    alone = {"disable_parallel_tool_use": not asked.llm.parallel_tool_calls}
    if asked.forced is not None:
        return {"type": "tool", "name": asked.forced, **alone}
    return {"type": "any" if asked.must_call else "auto", **alone}


def _tools(asked: ModelRequest) -> list[dict[str, object]]:
    tools: list[dict[str, object]] = [
        {
            "name": tool.name,
            "description": tool.description,
            "input_schema": dict(tool.parameters),
        }
        for tool in asked.tools
    ]
    tools[-1] |= EPHEMERAL
    return tools


def _messages(messages: Iterable[ChatMessage]) -> list[dict[str, object]]:
    shown = [(_parts(message), _role(message)) for message in messages]
    if shown and shown[-1][0]:
        shown[-1][0][-1] |= EPHEMERAL
    return [{"content": parts, "role": role} for parts, role in shown]


def _role(message: ChatMessage) -> str:
    return "assistant" if message.role == "assistant" else "user"


def _parts(message: ChatMessage) -> list[dict[str, object]]:
    if message.role == "tool":
        return [
            {
                "type": "tool_result",
                "tool_use_id": message.tool_call_id,
                "content": message.text,
            }
        ]
    parts = [_part(part) for part in message.parts]
    if not parts and message.text:
        parts = [{"type": "text", "text": message.text}]
    calls: list[dict[str, object]] = [
        {
            "type": "tool_use",
            "id": call.id,
            "name": call.name,
            "input": parse_arguments(call.arguments),
        }
        for call in message.tool_calls
    ]
    return parts + calls


def _part(part: Mapping[str, object]) -> dict[str, object]:
    image = part.get("image_url")
    if isinstance(image, Mapping):
        return {"type": "image", "source": {"type": "url", "url": image.get("url")}}
    return {"type": "text", "text": part.get("text")}
