"""History: what the user said, read from the end or from the beginning of the context."""

import json
from collections.abc import Iterator, Sequence

from mockletta.brain.decisions import ChatMessage

EDGE = 10_000
ALERTS = frozenset({"system_alert", "heartbeat", "login"})
SUMMARY_MARK = "summary of the previous messages:"
SUMMARY_HEAD = "Summary of the earlier conversation."
SAID = "The user said:"


def envelope(text: str) -> dict[str, object]:
    """Return the JSON object Letta packs some user messages in, or {} for plain text."""
    start = text[:200].lstrip()
    if not start.startswith("{") or '"type"' not in start or not text.rstrip().endswith("}"):
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) and isinstance(value.get("message"), str) else {}


def is_alert(message: ChatMessage) -> bool:
    """Whether a user message was written by the server: a summary, a heartbeat."""
    return envelope(message.text).get("type") in ALERTS


def focus(text: str) -> str:
    """Return a very long text's beginning and end, where orders and questions stand."""
    return text if len(text) <= 2 * EDGE else f"{text[:EDGE]}\n{text[-EDGE:]}"


def said(message: ChatMessage) -> str:
    """Return the text of a user message without its envelope; of a summary only what it tells."""
    text = focus(str(envelope(message.text).get("message", message.text)))
    _, mark, summary = text.partition(SUMMARY_MARK)
    text = summary if mark else text
    return text.replace(SUMMARY_HEAD, "").replace(SAID, "")


def newest(messages: Sequence[ChatMessage]) -> int | None:
    """Return the index of the user's newest message, found from the end; None without one."""
    for index in range(len(messages) - 1, -1, -1):
        if messages[index].role == "user" and not is_alert(messages[index]):
            return index
    return None


def newest_message(messages: Sequence[ChatMessage]) -> ChatMessage:
    """Return the user's newest message; where a summary has swallowed it, the last line of that."""
    index = newest(messages)
    if index is not None:
        return messages[index]
    lines = [line for text in user_texts(messages) for line in text.splitlines() if line.strip()]
    return ChatMessage("user", lines[-1].removeprefix("- ") if lines else "")


def just_returned(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """What the tools of the newest step have returned, in the order of their calls."""
    first = len(messages)
    while first and messages[first - 1].role == "tool":
        first -= 1
    return list(messages[first:])


def user_texts(messages: Sequence[ChatMessage]) -> Iterator[str]:
    """Everything the user is known to have said, oldest first."""
    for message in messages:
        if message.role == "user":
            yield said(message)
