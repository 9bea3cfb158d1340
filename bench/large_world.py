"""A seed file with one conversation of very many messages, which would take long to send."""

import json
from pathlib import Path

from bench.client import MODEL

LARGE = "conv-00000000-0000-4000-8000-00000000000b"
_AGENT = "agent-00000000-0000-4000-8000-00000000000a"


def message_id(number: int) -> str:
    """Return the id of the message with this number, from 0."""
    return f"message-00000000-0000-4000-8000-{number:012x}"


def save_large_world(file: Path, messages: int) -> None:
    """Write the seed file: an agent and its conversation `LARGE`, as JSON, which YAML includes."""
    conversation = {"id": LARGE, "messages": [_message(number) for number in range(messages)]}
    agent = {"id": _AGENT, "model": MODEL, "conversations": [conversation]}
    file.write_text(json.dumps({"version": 1, "agents": [agent]}))


def _message(number: int) -> dict[str, str]:
    role = "assistant" if number % 2 else "user"
    return {"id": message_id(number), "role": role, "content": f"This is message {number}."}
