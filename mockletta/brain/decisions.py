"""What a brain is asked and what it answers: one model call in, one decision out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model asks for. `arguments` is JSON text as a model writes it: it may be wrong."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of the context, as a model would be sent it.

    `text` of a tool message is the JSON envelope `{"status": "OK" | "Failed", "message", "time"}`.
    """

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    images: int = 0


@dataclass(frozen=True, slots=True)
class MemoryBlock:
    """A memory block as it is now, which may be newer than the compiled system message."""

    label: str
    value: str
    description: str | None = None
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill that the client offers with its request (`client_skills`)."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One request to the model.

    `messages` is the context, oldest first, without the system message: the user's newest
    message and, within a turn, the tool calls and returns since. It converts lazily: reading a
    few messages from its end does not cost the whole history. `summary` asks for a summary of
    `messages` instead of an answer.
    """

    purpose: Literal["reply", "summary"]
    model: str
    system: str
    messages: Sequence[ChatMessage]
    blocks: tuple[MemoryBlock, ...] = ()
    tools: tuple[str, ...] = ()
    skills: tuple[Skill, ...] = ()
    agent_name: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the model says in one step: reasoning, then text, then tool calls. Delays in seconds.

    Token counts left None are derived from the texts.
    """

    text: str = ""
    reasoning: str | None = None
    signature: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    finish: Literal["stop", "length"] = "stop"
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int = 0
    first_token_delay: float = 0.0
    token_delay: float = 0.0
    breaks_after_tokens: int | None = None


@dataclass(eq=False)
class ModelFailure(Exception):
    """The model provider's failure: raised by a brain instead of deciding.

    `status` is the provider's HTTP status; `kind` "overflow" is its context-length error and
    "unreachable" a connection that could not be made.
    """

    status: int = 500
    message: str = "The model failed."
    kind: Literal["status", "overflow", "unreachable"] = "status"
    error: dict[str, object] = field(default_factory=dict)


class Brain(Protocol):
    """Decides what an agent says. Must be deterministic: the same call, the same decision."""

    def decide(self, call: ModelCall) -> Decision:
        """Answer one model call, or raise ModelFailure."""
        ...
