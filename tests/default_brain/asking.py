"""Asking: what the tests say to the default brain, and what it answers."""

import json

from mockletta.brain.decisions import (
    ChatMessage,
    Decision,
    MemoryBlock,
    ModelCall,
    Skill,
    ToolCall,
)
from mockletta.default_brain import DefaultBrain

MEMORY_TOOLS = ("conversation_search", "memory_insert", "memory_replace")
BLOCKS = (MemoryBlock("human", "Test user"), MemoryBlock("persona", "I am Sam."))


def user(text: str, images: int = 0) -> ChatMessage:
    """Make a message of the user."""
    return ChatMessage("user", text, images=images)


def alert(text: str) -> ChatMessage:
    """Make a summary as the server puts it into the context."""
    note = f"Note: hidden.\nThe following is a summary of the previous messages:\n {text}"
    return user(json.dumps({"type": "system_alert", "message": note, "time": "now"}, indent=2))


def talk(*texts: str) -> list[ChatMessage]:
    """Make a conversation in which the assistant answered every message but the last."""
    messages = [message for text in texts for message in (user(text), said("Fine."))]
    return messages[:-1]


def said(text: str) -> ChatMessage:
    """Make a message of the assistant."""
    return ChatMessage("assistant", text)


def decide(
    messages: list[ChatMessage],
    *,
    system: str = "",
    blocks: tuple[MemoryBlock, ...] = (),
    tools: tuple[str, ...] = MEMORY_TOOLS,
    skills: tuple[Skill, ...] = (),
    agent_name: str = "Sam",
) -> Decision:
    """Return the default brain's decision on these messages."""
    call = ModelCall("reply", "mock", system, messages, blocks, tools, skills, agent_name)
    return DefaultBrain().decide(call)


def ask(*texts: str, blocks: tuple[MemoryBlock, ...] = ()) -> str:
    """Return the reply to the last of these texts, said one after the other."""
    return decide(talk(*texts), blocks=blocks).text


def summarize(messages: list[ChatMessage]) -> str:
    """Return the summary of these messages."""
    return DefaultBrain().decide(ModelCall("summary", "mock", "", messages)).text


def update(
    text: str,
    blocks: tuple[MemoryBlock, ...] = BLOCKS,
    tools: tuple[str, ...] = MEMORY_TOOLS,
) -> tuple[str, dict[str, object]]:
    """Return the tool call a request to write into memory leads to, as name and arguments."""
    call = only_call(decide(talk(text), blocks=blocks, tools=tools))
    return call.name, json.loads(call.arguments)


def only_call(decision: Decision) -> ToolCall:
    """Return the one tool call of a decision that says nothing."""
    (call,) = decision.tool_calls
    assert decision.text == ""
    return call
