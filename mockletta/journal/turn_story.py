"""The messages of a request that a turn answered: of the user, the agent and its tools.

They are read from the entry's JSON values, so a journal that came over HTTP gives the same.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mockletta.journal.terminal_text import printable

Document = Mapping[str, Any]
USER, AGENT, TOOL, APPROVAL, ERROR = "user", "agent", "tool", "approval", "error"


class StoryLine(NamedTuple):
    """One message: who said it, and its text on one line."""

    who: str
    text: str


def story_of(document: Document) -> list[StoryLine]:
    """Return the messages of a request in order; nothing if no turn answered it."""
    return [
        StoryLine(who, printable(" ".join(text.split())))
        for who, text in [*_sent(document["body"]), *_replies(_messages(document))]
        if text.strip()
    ]


def sent_in(body: object) -> list[StoryLine]:
    """Return the messages in a request's body, with their senders."""
    return [StoryLine(who, text) for who, text in _sent(body) if text.strip()]


def text_of(content: object) -> str:
    """Return the text of a message's content, which is a text or a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(str(part.get("text") or "") for part in parts if isinstance(part, dict))


def without_additions(text: str) -> str:
    """Return the user's own words, or everything if the client added all of it."""
    from mockletta.brain.history import own_words  # noqa: PLC0415 - not to start a server

    return own_words(text) or text


def _sent(body: object) -> Iterator[tuple[str, str]]:
    if not isinstance(body, dict):
        return
    if isinstance(body.get("input"), str | list):
        yield USER, without_additions(text_of(body["input"]))
    for message in _dicts(body.get("messages")):
        if "role" in message:
            text = text_of(message.get("content"))
            yield str(message["role"]), without_additions(text) if message["role"] == USER else text
        for answer in _dicts(message.get("approvals")):
            yield USER, _answered(answer)


def _answered(answer: Document) -> str:
    if "tool_return" in answer:
        return f"returns {text_of(answer['tool_return'])}"
    decision = "approves" if answer.get("approve") else "denies"
    return f"{decision} {answer.get('tool_call_id', 'the call')} {answer.get('reason') or ''}"


def _messages(document: Document) -> Iterator[Document]:
    """Return the messages of a reply. Chunks of a token stream are joined by their message."""
    events, response = document["events"], document["response"]
    if events:
        yield from _joined(_dicts([event["data"] for event in events]))
    elif isinstance(response, dict):
        yield from _dicts(response.get("messages"))


def _joined(chunks: Iterable[Document]) -> list[dict[str, Any]]:
    joined: dict[tuple[object, object], dict[str, Any]] = {}
    for chunk in chunks:
        key = (chunk.get("message_type"), chunk.get("otid") or chunk.get("id"))
        known = joined.get(key)
        if known is None:
            joined[key] = dict(chunk)
        else:
            _append(known, chunk)
    return list(joined.values())


def _append(known: dict[str, Any], chunk: Document) -> None:
    for name in ("content", "reasoning"):
        if isinstance(known.get(name), str) and isinstance(chunk.get(name), str):
            known[name] += chunk[name]
    call, more = known.get("tool_call"), chunk.get("tool_call")
    if isinstance(call, dict) and isinstance(more, dict):
        arguments = (call.get("arguments") or "") + (more.get("arguments") or "")
        known["tool_call"] = {**call, "arguments": arguments}


def _replies(messages: Iterable[Document]) -> Iterator[tuple[str, str]]:
    for message in messages:
        kind = message.get("message_type")
        if kind == "assistant_message":
            yield AGENT, text_of(message.get("content"))
        elif kind == "tool_call_message":
            yield TOOL, f"calls {_call(message.get('tool_call'))}"
        elif kind == "tool_return_message":
            yield TOOL, f"returned {text_of(message.get('tool_return'))}"
        elif kind == "approval_request_message":
            calls = _dicts(message.get("tool_calls")) or _dicts([message.get("tool_call")])
            yield APPROVAL, f"waits for approval of {', '.join(map(_call, calls))}"
        elif kind == "error_message":
            yield ERROR, str(message.get("detail") or message.get("message") or "")


def _call(call: object) -> str:
    if not isinstance(call, dict):
        return json.dumps(call)
    return f"{call.get('name')} {call.get('arguments') or ''}"


def _dicts(values: object) -> list[Document]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []
