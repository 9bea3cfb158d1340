"""What a brain is asked and what it answers: one model call in, one decision out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool call is answered, laid down beforehand instead of running the tool."""

    value: str
    status: Literal["success", "error"] = "success"
    stdout: tuple[str, ...] = ()
    stderr: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model asks for. `arguments` is JSON text as a model writes it: it may be wrong.

    `result` is what it returns where that is laid down; `needs_approval` makes the turn wait for
    the client's approval whether the tool asks for one or not.
    """

    id: str
    name: str
    arguments: str
    result: ToolResult | None = None
    needs_approval: bool = False


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of the context, as a model would be sent it.

    `text` of a tool message is the JSON envelope `{"status": "OK" | "Failed", "message", "time"}`;
    each return of a step with several calls is a message of its own. `parts` are those of a user's
    message that has several, as chat completions have them: `text` and `image_url`.
    """

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    images: int = 0
    parts: Sequence[Mapping[str, object]] = ()
    name: str | None = None


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
class ToolSchema:
    """A tool as a model is told of it. `parameters` is a JSON schema as it was given: anything may
    be in it. `is_base` is a tool of the server's own."""

    name: str
    description: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    is_base: bool = False


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One request to the model.

    `messages` is the context, oldest first, without the system message: the user's newest
    message and, within a turn, the tool calls and returns since. It converts lazily: reading a
    few messages from its end does not cost the whole history. `summary` asks for a summary of
    `messages` instead of an answer. `turn` counts the turns of the thread that left something in
    it, this one included; `step` the model calls of this turn. `run_id` is the run that began the
    turn: the same when it goes on after its client has answered. `schemas` says what the tools
    named in `tools` do and take; it converts lazily too. `due` are tools of which rules demand one
    now: nothing else may come, or the turn may not end without it. `files` are the agent's open
    files, as far as it sees them.
    """

    purpose: Literal["reply", "summary"]
    model: str
    system: str
    messages: Sequence[ChatMessage]
    blocks: tuple[MemoryBlock, ...] = ()
    tools: tuple[str, ...] = ()
    skills: tuple[Skill, ...] = ()
    agent_name: str = ""
    agent_id: str = ""
    agent_tags: tuple[str, ...] = ()
    conversation_id: str | None = None
    run_id: str = ""
    turn: int = 1
    step: int = 1
    now: datetime | None = None
    schemas: Sequence[ToolSchema] = ()
    due: tuple[str, ...] = ()
    files: Sequence[MemoryBlock] = ()
    response_format: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the model says in one step: reasoning, then text, then tool calls. Delays in seconds.

    Token counts left None are derived from the texts. `events` are the data of raw events that are
    streamed after the step's own; `stop_reason` is a turn's end in Letta's words, instead of the
    one that follows from the step. `jitter` is the share by which each delay may differ, up or
    down; `chunk` how many tokens come at once; `keepalive` the seconds of silence before a ping.
    `rule` names what decided, for the journal, and `wire` is a fault that strikes the response on
    its way, in the terms of whoever injects it. `breaks_with` is what a stream breaks with after so
    many tokens; None is a lost connection.
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
    breaks_with: "ModelFailure | None" = None
    jitter: float = 0.0
    chunk: int = 1
    keepalive: float | None = None
    events: tuple[str, ...] = ()
    stop_reason: str | None = None
    rule: str = ""
    wire: object | None = None


@dataclass(eq=False)
class ModelFailure(Exception):
    """The model provider's failure: raised by a brain instead of deciding.

    `status` is the provider's HTTP status; `kind` "overflow" is its context-length error and
    "unreachable" a connection that could not be made. It fails after `delay` seconds; `rule` names
    what decided so, for the journal.
    """

    status: int = 500
    message: str = "The model failed."
    kind: Literal["status", "overflow", "unreachable"] = "status"
    error: dict[str, object] = field(default_factory=dict)
    delay: float = 0.0
    rule: str = ""


class Brain(Protocol):
    """Decides what an agent says. Must be deterministic: the same call, the same decision.

    A brain that takes its time has an `async def consult` as well: see SlowBrain.
    """

    def decide(self, call: ModelCall) -> Decision:
        """Answer one model call, or raise ModelFailure."""
        ...


class SlowBrain(Brain, Protocol):
    """A brain whose replies are waited for: a turn that does is under way and can be cancelled.

    `decide` is still asked for summaries. One that knows some replies without waiting has a
    `decide_at_once` as well, which is asked first and returns None for the others.
    """

    async def consult(self, call: ModelCall) -> Decision:
        """Answer one model call, or raise ModelFailure."""
        ...
