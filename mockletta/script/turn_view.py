"""A turn for conditions, templates and reply functions: read-only and evaluated lazily."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from mockletta.brain.decisions import ChatMessage, ModelCall, Skill
from mockletta.brain.history import is_alert, newest_message, own_words

MOST_INCOMING = 100
DEFAULT = "default"
"""The conversation of an agent's own messages."""


@dataclass(frozen=True, slots=True)
class Agent:
    """The agent that answers. As text it is its name."""

    id: str
    name: str
    tags: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class LastReturn:
    """The newest return of a tool. As text it is the value. `tools` are the names of all called
    tools."""

    tool: str
    value: str
    status: Literal["success", "error"]
    tools: tuple[str, ...]

    def __str__(self) -> str:
        return self.value


class TurnView:
    """One model call of a turn. `groups` are those of the rule's patterns, `count` is how often the
    rule has been used, including this time."""

    def __init__(
        self,
        call: ModelCall,
        *,
        groups: Mapping[str | int, str] | None = None,
        raw_text: str | None = None,
        count: int = 1,
    ) -> None:
        self.call = call
        self.groups: Mapping[str | int, str] = groups or {}
        self.count = count
        self._raw_text = raw_text
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The user's own words in the newest message, without anything the client added."""
        if self._text is None:
            self._text = own_words(self.raw_text)
        return self._text

    @cached_property
    def json(self) -> dict[str, object]:
        """The JSON object in the user's own words; {} if there is none."""
        start, end = self.text.find("{"), self.text.rfind("}")
        try:
            found = json.loads(self.text[start : end + 1])
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def raw_text(self) -> str:
        """The user's newest message as it was sent. Of several, it is the last one with words of
        the user."""
        if self._raw_text is None:
            self._raw_text = self._newest_text()
        return self._raw_text

    def _newest_text(self) -> str:
        messages = self.call.messages
        last = messages[-1] if messages else None
        if last is not None and last.role == "user" and own_words(last.text) and not is_alert(last):
            return last.text
        texts = [one.text for one in self._incoming if one.role == "user"]
        return next(filter(own_words, reversed(texts)), (texts or [self._incoming[-1].text])[-1])

    @property
    def purpose(self) -> Literal["reply", "summary"]:
        """What the model is asked for: a reply, or a summary of the history."""
        return self.call.purpose

    @property
    def role(self) -> str:
        """The role of the newest incoming message."""
        return self._incoming[-1].role

    @property
    def images(self) -> int:
        """The number of incoming images."""
        return sum(message.images for message in self._incoming)

    @property
    def agent(self) -> Agent:
        return Agent(self.call.agent_id, self.call.agent_name, self.call.agent_tags)

    @property
    def conversation(self) -> str:
        """The conversation's id, `default` for an agent's own messages."""
        return self.call.conversation_id or DEFAULT

    @property
    def model(self) -> str:
        return self.call.model

    @property
    def system(self) -> str:
        return self.call.system

    @property
    def turn(self) -> int:
        return self.call.turn

    @property
    def step(self) -> int:
        return self.call.step

    @property
    def tools(self) -> tuple[str, ...]:
        """The names of the agent's tools."""
        return self.call.tools

    @property
    def skills(self) -> tuple[Skill, ...]:
        """The skills that the client offers; each has a `name` and a `description`."""
        return self.call.skills

    @property
    def response_format(self) -> Mapping[str, object] | None:
        """The required format of the reply; None if any is allowed."""
        return self.call.response_format

    @property
    def due(self) -> tuple[str, ...]:
        """The names of tools that rules require now."""
        return self.call.due

    @property
    def history(self) -> Sequence[ChatMessage]:
        """The messages in context, oldest first; each has a `role` and a `text`."""
        return self.call.messages

    @property
    def now(self) -> datetime | None:
        return self.call.now

    @property
    def continues(self) -> bool:
        """Whether the turn continues after a tool's return."""
        messages = self.call.messages
        return self.call.step > 1 or (bool(messages) and messages[-1].role == "tool")

    @cached_property
    def blocks(self) -> dict[str, str]:
        """The values of the agent's memory blocks, by label."""
        return {block.label: block.value for block in self.call.blocks}

    @cached_property
    def returned(self) -> LastReturn | None:
        """What a tool has just returned, if that is the newest message."""
        messages = self.call.messages
        if not len(messages) or messages[-1].role != "tool":
            return None
        last = messages[-1]
        place = next((n for n in range(len(messages) - 1, -1, -1) if messages[n].tool_calls), None)
        calls = messages[place].tool_calls if place is not None else ()
        named = {call.id: call.name for call in calls}
        tools = tuple(named.values())
        tool = named.get(last.tool_call_id or "", tools[-1] if tools else "")
        value, status = _opened(last.text)
        return LastReturn(tool, value, status, tools)

    @cached_property
    def _incoming(self) -> Sequence[ChatMessage]:
        """The messages with which the turn began, oldest first; at least one."""
        messages = self.call.messages
        end = len(messages)
        while self.continues and end and messages[end - 1].role in ("assistant", "tool"):
            end -= 1
        start = end
        while (
            start and messages[start - 1].role in ("user", "system") and end - start < MOST_INCOMING
        ):
            start -= 1
        found = [message for message in messages[start:end] if not is_alert(message)]
        if not found and end and not self.continues:
            return [messages[end - 1]]
        return found or [newest_message(messages)]


def _opened(text: str) -> tuple[str, Literal["success", "error"]]:
    """Return the value and the status of a tool's return, from the JSON that a model receives."""
    try:
        packed = json.loads(text)
    except ValueError:
        return text, "success"
    if not isinstance(packed, dict) or "status" not in packed:
        return text, "success"
    message = packed.get("message")
    value = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
    return value, "success" if packed["status"] == "OK" else "error"
