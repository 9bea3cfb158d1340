"""A model call in the form of OpenAI's Responses API, which its reasoning models use."""

from collections.abc import Iterator

from mockletta.api.messages.model_requests import ModelRequest, strict_schema
from mockletta.brain.decisions import ChatMessage, ToolSchema
from mockletta.errors import USER_ID
from mockletta.wire.models import LLMConfig
from mockletta.wire.response_formats import JsonSchemaResponseFormat, ResponseFormat

VERBOSITY = "medium"


def responses_request(asked: ModelRequest) -> dict[str, object]:
    """Return the request for a reasoning model [85 gpt-5 effort: preview, 77 override_model]."""
    llm = asked.llm
    request: dict[str, object] = {
        "include": ["reasoning.encrypted_content"],
        "input": list(_input(asked)),
        "max_output_tokens": llm.max_tokens,
        "model": llm.model,
        "parallel_tool_calls": llm.parallel_tool_calls,
        "prompt_cache_retention": "24h",
    }
    if llm.reasoning_effort is not None:
        request["reasoning"] = {"effort": llm.reasoning_effort, "summary": "detailed"}
    request |= {"store": False, "temperature": None, "text": _text(llm)}
    if asked.tools:
        request["tool_choice"] = _choice(asked)
        request["tools"] = [_tool(tool, strict=llm.strict) for tool in asked.tools]
    return {**request, "user": USER_ID}


def _text(llm: LLMConfig) -> dict[str, object]:
    shape = _format(llm.response_format)
    text: dict[str, object] = {"verbosity": llm.verbosity or VERBOSITY}
    return text if shape is None else text | {"format": shape}


def _format(shape: ResponseFormat | None) -> dict[str, object] | None:
    """Return a format in this API's form. Only a schema is sent; it is strict unless it says no."""
    if not isinstance(shape, JsonSchemaResponseFormat) or "schema" not in shape.json_schema:
        return None
    held = shape.json_schema
    return {
        "type": "json_schema",
        "name": held.get("name", "response_schema"),
        "schema": held["schema"],
        "strict": held.get("strict", True),
    }


def _choice(asked: ModelRequest) -> object:
    if asked.forced is not None:
        return {"type": "function", "name": asked.forced}
    return "required" if asked.must_call else "auto"


def _tool(tool: ToolSchema, *, strict: bool) -> dict[str, object]:
    return {
        "name": tool.name,
        "parameters": strict_schema(tool.parameters) if strict else dict(tool.parameters),
        "strict": strict,
        "type": "function",
        "description": tool.description or None,
    }


def _input(asked: ModelRequest) -> Iterator[dict[str, object]]:
    if asked.system is not None:
        yield {"content": asked.system, "role": "developer"}
    for message in asked.messages:
        yield from _items(message)


def _items(message: ChatMessage) -> Iterator[dict[str, object]]:
    """Yield the items of one message: a call and a return are separate items."""
    if message.role == "tool":
        call_id = message.tool_call_id
        yield {"call_id": call_id, "output": message.text, "type": "function_call_output"}
    elif message.role == "assistant":
        if message.text:
            yield {"content": message.text, "role": "assistant"}
        for call in message.tool_calls:
            yield {
                "arguments": call.arguments,
                "call_id": call.id,
                "name": call.name,
                "status": "completed",
                "type": "function_call",
            }
    elif message.role == "system":
        texts = [str(part.get("text", "")) for part in _parts(message)]
        yield {"content": "\n\n".join(texts), "role": "developer"}
    else:
        yield {"content": [_part(part) for part in _parts(message)], "role": message.role}


def _parts(message: ChatMessage) -> list[dict[str, object]]:
    return [dict(part) for part in message.parts] or [{"type": "text", "text": message.text}]


def _part(part: dict[str, object]) -> dict[str, object]:
    image = part.get("image_url")
    if isinstance(image, dict):
        detail = image.get("detail") or "auto"
        return {"detail": detail, "image_url": image.get("url"), "type": "input_image"}
    return {"text": part.get("text"), "type": "input_text"}
