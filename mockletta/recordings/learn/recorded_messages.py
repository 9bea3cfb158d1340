"""The messages in recorded answers. The pieces of streamed ones are joined."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockletta.documents.json_types import Json
from mockletta.http.sse import event_in, frames_in
from mockletta.recordings.recording import Exchange

Message = dict[str, Any]
_STREAMED = {
    "assistant_message",
    "reasoning_message",
    "tool_call_message",
    "approval_request_message",
}
"""The types of messages that are streamed in pieces."""
_TEXTS = ("content", "reasoning")


def json_of(data: bytes) -> Json:
    """Return the JSON in some bytes, or None."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def messages_of(exchange: Exchange) -> list[Message]:
    """Return the messages of an answer: a stream, a reply or a list."""
    if exchange.is_stream:
        return joined(list(_events(exchange)))
    body = json_of(exchange.body)
    if isinstance(body, dict) and isinstance(body.get("messages"), list):
        ending = [body.get("stop_reason"), body.get("usage")]
        return [*map(dict, body["messages"]), *(dict(one) for one in ending if one)]
    if isinstance(body, list) and all(isinstance(one, dict) for one in body):
        return [one for one in body if "message_type" in one]
    return []


def _events(exchange: Exchange) -> Iterator[Message]:
    for frame in frames_in(exchange.body):
        try:
            data = json_of(event_in(frame)[1])
        except ValueError:  # a comment, or a frame that broke off
            continue
        if isinstance(data, dict) and "message_type" in data:
            yield data


def joined(events: Sequence[Message]) -> list[Message]:
    """Join the pieces of streamed messages. Pings are left out."""
    found: list[Message] = []
    for event in events:
        if event["message_type"] == "ping":
            continue
        if found and continues(found[-1], event):
            extend(found[-1], event)
        else:
            found.append(json.loads(json.dumps(event)))
    return found


def continues(last: object, event: Message) -> bool:
    """Return whether an event is a further piece of the message before it."""
    if not isinstance(last, dict):
        return False
    if event.get("message_type") not in _STREAMED:
        return False
    keys = ("message_type", "id")
    if "id" not in event or [last.get(key) for key in keys] != [event[key] for key in keys]:
        return False
    before, after = _calls(last), _calls(event)
    ids = {call.get("tool_call_id") for call in after} - {None}
    return not before or not ids or ids <= {call.get("tool_call_id") for call in before}


def extend(last: Message, event: Message) -> None:
    """Add a further piece to a message."""
    for key in _TEXTS:
        if isinstance(event.get(key), str) and isinstance(last.get(key), str):
            last[key] += event[key]
    for before, after in zip(_calls(last), _calls(event), strict=False):
        for key in ("name", "arguments"):
            before[key] = (before.get(key) or "") + (after.get(key) or "")


def _calls(message: Message) -> list[Message]:
    call = message.get("tool_call")
    if isinstance(call, dict):
        return [call]
    calls = message.get("tool_calls")
    return [one for one in calls if isinstance(one, dict)] if isinstance(calls, list) else []


def calls_in(message: Message) -> list[Message]:
    """Return the calls of a message: all of `tool_calls`, else the one of `tool_call`."""
    calls = message.get("tool_calls")
    if isinstance(calls, list) and calls:
        return [one for one in calls if isinstance(one, dict)]
    return _calls(message)


def text_of(content: object) -> str:
    """Return the text of a message's content: a text, or the texts of its parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, Mapping)]
    return " ".join(text for text in texts if isinstance(text, str))
