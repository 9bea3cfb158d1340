"""Asking a script without a server: model calls made by hand, turn by turn."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import yaml

from mockletta.brain.decisions import (
    ChatMessage,
    Decision,
    MemoryBlock,
    ModelCall,
    ToolCall,
)
from mockletta.script.engine import Script
from mockletta.script.script_models import ScriptFile

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
RUNS = count(1)


class Fallback:
    """A brain that replies that it is the fallback."""

    def decide(self, call: ModelCall) -> Decision:
        return Decision(text=f"fallback {call.purpose}")


def script_of(text: str) -> Script:
    """A script written in YAML."""
    return Script(file_of(text), Fallback)


def file_of(text: str) -> ScriptFile:
    return ScriptFile.model_validate(yaml.safe_load(text))


def user(text: str, images: int = 0) -> ChatMessage:
    return ChatMessage("user", text, images=images)


def a_call(*messages: ChatMessage | str, **facts: object) -> ModelCall:
    """The first model call of a turn; a text is the user's."""
    told: Sequence[ChatMessage] = [user(one) if isinstance(one, str) else one for one in messages]
    known: dict[str, Any] = {
        "agent_name": "support",
        "agent_id": "agent-1",
        "conversation_id": "conv-1",
        "run_id": f"run-{next(RUNS)}",
        "now": NOW,
    }
    return ModelCall("reply", "openai/gpt-4o-mini", "", told, **(known | facts))


def summary_call(*texts: str) -> ModelCall:
    return ModelCall("summary", "", "", [user(text) for text in texts])


def after(call: ModelCall, decision: Decision, value: str = "OK", status: str = "OK") -> ModelCall:
    """The next model call of a turn: the tools that were called have returned."""
    returned = decision.tool_calls[-1]
    told = returned.result.value if returned.result else value
    messages = [
        *call.messages,
        ChatMessage("assistant", decision.text, decision.tool_calls),
        ChatMessage("tool", envelope(told, status), tool_call_id=returned.id),
    ]
    changed = {name: getattr(call, name) for name in call.__slots__}
    return ModelCall(**{**changed, "messages": messages, "step": call.step + 1})


def envelope(value: object, status: str = "OK") -> str:
    return json.dumps({"status": status, "message": value, "time": "now"})


def play(script: Script, text: str, **facts: object) -> list[Decision]:
    """A whole turn, to the decision that calls no tool."""
    call = a_call(text, **facts)
    decisions = [script.decide(call)]
    while decisions[-1].tool_calls and decisions[-1].stop_reason is None:
        call = after(call, decisions[-1])
        decisions.append(script.decide(call))
    return decisions


def say(script: Script, text: str, **facts: object) -> str:
    """What the last decision of a turn tells the user."""
    return play(script, text, **facts)[-1].text


def only_call(decision: Decision) -> ToolCall:
    [call] = decision.tool_calls
    return call


def blocks(**values: str) -> tuple[MemoryBlock, ...]:
    return tuple(MemoryBlock(label, value) for label, value in values.items())
