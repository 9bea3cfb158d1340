"""Everyday exchanges: what a developer says first, and every reply word for word."""

from typing import Any

import pytest

from tests.contract.conftest import Connect, connect, serve
from tests.contract.talk import MODEL
from tests.default_brain.chatting import NOW, Chat, chats

__all__ = ["connect", "serve"]
STORIES = chats(
    "everyday.yaml", "kinds.yaml", "memory.yaml", "prompts.yaml", "recall.yaml", "small_jobs.yaml"
)
BLOCKS: Any = [{"label": "human", "value": ""}, {"label": "persona", "value": "I help."}]


@pytest.mark.parametrize("story", STORIES, ids=[story["name"] for story in STORIES])
def test_every_reply_is_as_written(connect: Connect, story: Chat) -> None:
    client = connect(freeze=NOW)
    tools = [client.tools.upsert(source_code=one).id for one in story.get("tools", [])]
    given: Any = {key: story[key] for key in ("system", "response_format") if key in story}
    blocks: Any = [{"label": key, "value": one} for key, one in story.get("blocks", {}).items()]
    agent = client.agents.create(
        name="Ada", model=MODEL, memory_blocks=blocks or BLOCKS, tool_ids=tools, **given
    )
    for said, reply in story["turns"]:
        messages: Any = [{"role": "user", "content": said}]
        done = client.agents.messages.create(agent.id, messages=messages).messages
        assert [said, *map(spelled, done)] == [said, *([reply] if type(reply) is str else reply)]


def spelled(message: Any) -> str:  # noqa: ANN401
    """Spell a message as the stories do: a text as it is, a call and its return in brackets."""
    match message.message_type:
        case "tool_call_message":
            return f"[{message.tool_call.name} {message.tool_call.arguments}]"
        case "tool_return_message":
            return "[returned]"
    return str(message.content)
