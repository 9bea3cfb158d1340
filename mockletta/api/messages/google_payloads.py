"""A model call in the form of Google's Gemini API [85x google_ai *: preview]."""

from collections.abc import Mapping

from mockletta.api.messages.model_requests import ModelRequest
from mockletta.brain.decisions import ChatMessage
from mockletta.tools.call_arguments import parse_arguments


def google_request(asked: ModelRequest) -> dict[str, object]:
    """Return the request for a model of Google. The system prompt is the first message of a
    user."""
    llm = asked.llm
    contents = [_content(message) for message in asked.messages]
    if asked.system is not None:
        contents.insert(0, {"role": "user", "parts": [{"text": asked.system}]})
    config: dict[str, object] = {"temperature": llm.temperature}
    if asked.tools:
        config["tools"] = [{"functionDeclarations": _functions(asked)}]
    config["max_output_tokens"] = llm.max_tokens
    if asked.tools:
        config["tool_config"] = _tool_config(asked)
    config["thinking_config"] = {
        "include_thoughts": llm.enable_reasoner,
        "thinking_budget": llm.max_reasoning_tokens,
        "thinking_level": None,
    }
    return {"contents": contents, "config": config}


def _functions(asked: ModelRequest) -> list[dict[str, object]]:
    return [
        {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
        for tool in asked.tools
    ]


def _tool_config(asked: ModelRequest) -> dict[str, object]:
    calling = {
        "mode": "ANY" if asked.must_call else "AUTO",
        "allowed_function_names": [asked.forced] if asked.forced else None,
        "stream_function_call_arguments": None,
    }
    return {"function_calling_config": calling, "retrieval_config": None}


def _content(message: ChatMessage) -> dict[str, object]:
    if message.role == "tool":
        response = {"name": message.name, "response": {"response": message.text}}
        return {"role": "function", "parts": [{"functionResponse": response}]}
    role = "model" if message.role == "assistant" else "user"
    return {"role": role, "parts": _parts(message)}


def _parts(message: ChatMessage) -> list[dict[str, object]]:
    parts = [_part(part) for part in message.parts]
    if not parts and message.text:
        parts = [{"text": message.text}]
    calls: list[dict[str, object]] = [
        {"functionCall": {"name": call.name, "args": parse_arguments(call.arguments)}}
        for call in message.tool_calls
    ]
    return parts + calls


def _part(part: Mapping[str, object]) -> dict[str, object]:
    image = part.get("image_url")
    if isinstance(image, Mapping):
        return {"inline_data": image.get("url")}
    return {"text": part.get("text")}
