"""The contract of a brain: it gets one model call and returns one decision.

Neither changes afterwards. What every step makes is not declared as frozen, since a frozen
dataclass takes several times as long to make. It is made with positional arguments and completed
by assignments, since keyword arguments of a class take three times as long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class ToolResult:
    """A given return of a tool call. The tool is not run."""

    value: str
    status: Literal["success", "error"] = "success"
    stdout: tuple[str, ...] = ()
    stderr: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model asks for.

    `arguments` is JSON text as a model writes it, so it may be invalid. `result` is its return, if
    it is given; otherwise the tool is run. `needs_approval` makes the turn wait for the client's
    approval even if the tool needs none.
    """

    id: str
    name: str
    arguments: str
    result: ToolResult | None = None
    needs_approval: bool = False


@dataclass(slots=True)
class ChatMessage:
    """One message of the context, as a model receives it.

    The `text` of a tool message is the JSON envelope `{"status": "OK" | "Failed", "message",
    "time"}`; each return of a step with several calls is a separate message. `parts` are the parts
    of a user's message with several, in the form of chat completions: `text` and `image_url`.
    """

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    images: int = 0
    parts: Sequence[Mapping[str, object]] = ()
    name: str | None = None


@dataclass(slots=True)
class MemoryBlock:
    """A memory block with its present value. The compiled system message may be older."""

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
    """A tool as a model sees it. `parameters` is the client's JSON schema, so it can contain
    anything. `is_base` marks a base tool of the server."""

    name: str
    description: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    is_base: bool = False


@dataclass(slots=True)
class ModelCall:
    """One request to the model.

    `messages` is the context, oldest first, without the system message: the user's newest message
    and, within a turn, the tool calls and returns since. It converts lazily: reading a few messages
    from its end does not cost the whole history. If the purpose is `summary`, the model is asked
    for a summary of `messages`. `turn` counts the turns of the thread that left something in it,
    including this one; `step` counts the model calls of this turn. `run_id` is the run that began
    the turn: it stays the same when the turn continues after an answer of its client. `schemas`
    describes the tools named in `tools`; it converts lazily too. `due` are tools that rules require
    now: nothing else may be called, or the turn may not end without them. `files` are the agent's
    open files, as far as it sees them. `mode` is the mode of the compaction that asks for a
    summary.
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
    mode: str = ""


@dataclass(slots=True)
class Decision:
    """What the model says in one step: reasoning, then text, then tool calls.

    `ttft` is the seconds until the first token; after it come `tokens_per_second`.

    Token counts that are None are derived from the texts. `events` are the data of raw events that
    are streamed after the step's own. `stop_reason` replaces the normal stop reason of the step.
    `jitter` is the share by which each delay varies, `chunk` the number of tokens in one event,
    `keepalive` the seconds of silence before a ping. `rule` names the rule that decided, for the
    journal. `wire` is a fault of the response, in a form that fault injection accepts.
    `breaks_with` is the failure that breaks a stream after so many tokens; None is a lost
    connection.
    """

    text: str = ""
    reasoning: str | None = None
    signature: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    finish: Literal["stop", "length"] = "stop"
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int = 0
    ttft: float = 0.0
    tokens_per_second: float | None = None
    breaks_after_tokens: int | None = None
    breaks_with: "ModelFailure | None" = None
    jitter: float = 0.0
    chunk: int = 1
    keepalive: float | None = None
    events: tuple[str, ...] = ()
    stop_reason: str | None = None
    rule: str = ""
    wire: object | None = None


REQUEST_TOO_LARGE = 413


@dataclass(eq=False)
class ModelFailure(Exception):
    """A failure of the model provider: a brain raises it instead of deciding.

    `status` is the provider's HTTP status; `kind` "overflow" is its context-length error, as a
    status of 413 is, and "unreachable" a failed connection. It fails after `delay` seconds; `rule`
    names the rule that decided so, for the journal.
    """

    status: int = 500
    message: str = "The model failed."
    kind: Literal["status", "overflow", "unreachable"] = "status"
    error: dict[str, object] = field(default_factory=dict)
    delay: float = 0.0
    rule: str = ""

    @property
    def is_overflow(self) -> bool:
        """Whether the context was too long for the model."""
        return self.kind == "overflow" or self.status == REQUEST_TOO_LARGE


class Brain(Protocol):
    """Decides what an agent says. It must be deterministic: the same decision for the same call. A
    brain that needs time also has an `async def consult`: see SlowBrain."""

    def decide(self, call: ModelCall) -> Decision:
        """Answer one model call, or raise ModelFailure."""
        ...


class SlowBrain(Brain, Protocol):
    """A brain whose replies are awaited. A turn that waits can be cancelled.

    `decide` is still called for summaries. A brain that knows some replies at once also has a
    `decide_at_once`; it is called first and returns None for other replies.
    """

    async def consult(self, call: ModelCall) -> Decision:
        """Answer one model call, or raise ModelFailure."""
        ...
