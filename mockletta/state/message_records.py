"""Messages as they are stored. One record can be listed as several wire messages."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mockletta.wire.message_content import (
    ApprovalReturn,
    CompactionStats,
    ImageContent,
    TextContent,
    ToolCall,
    ToolReturn,
    UserContent,
)

Role = Literal["system", "user", "assistant", "tool", "approval"]


@dataclass(frozen=True, slots=True)
class SuspendedTurn:
    """The state of a turn that waits for its client's answer.

    `run_id` is the run that began the turn, `steps` the number of its model calls, `called` the
    tools it called. `calls` are all calls of the step in the model's order: those that wait for an
    answer and those beside them. `scripted` are the returns that a script gives.
    """

    run_id: str
    steps: int
    calls: tuple[ToolCall, ...]
    scripted: tuple[ToolReturn, ...] = ()
    called: tuple[str, ...] = ()


@dataclass(slots=True)
class MessageRecord:
    """A stored message; it never changes.

    `content` is text or, for a user, a list of parts. `waiting` makes an assistant's message a
    request for approval of its `tool_calls`; `approvals` are the client's answers in a message of
    the role `approval`. `waits_along` are calls that belong, for a model, to the request that
    follows. `tokens` is its size in context. `model_text` is the text that a model receives if it
    differs; of several tool returns it is that of the last, and `earlier_texts` are those of the
    others. `text_is_thought` is true for agents of older types: their text is listed as reasoning,
    and they speak with `send_message`. `rendered` caches its wire messages; a copy has none.
    """

    id: str
    role: Role
    created_at: datetime
    agent_id: str
    conversation_id: str | None
    content: str | tuple[UserContent, ...]
    tokens: int
    reasoning: str | None = None
    signature: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tool_returns: tuple[ToolReturn, ...] = ()
    waiting: SuspendedTurn | None = None
    waits_along: bool = False
    approvals: tuple[ApprovalReturn | ToolReturn, ...] = ()
    model_text: str | None = None
    earlier_texts: tuple[str, ...] = ()
    name: str | None = None
    otid: str | None = None
    sender_id: str | None = None
    group_id: str | None = None
    step_id: str | None = None
    run_id: str | None = None
    text_is_thought: bool = False
    summary: str | None = None
    compaction_stats: CompactionStats | None = None
    rendered: tuple[tuple[str, bytes], ...] = field(
        default=(), init=False, compare=False, repr=False
    )


def is_one_for_models(record: MessageRecord) -> bool:
    """Return whether a model receives the record as one message. Each tool return is one
    message."""
    return not (record.role == "approval" or record.waits_along or record.earlier_texts)


def is_for_models(record: MessageRecord) -> bool:
    """Return whether a model receives the record. It does not receive answers to a request for
    approval, nor calls that wait beside one."""
    return record.role != "approval" and not record.waits_along


def plain_text(content: str | tuple[UserContent, ...]) -> str:
    """Return the text of a message's content for a model; an image has an empty text."""
    if isinstance(content, str):
        return content
    return " ".join(part.text if isinstance(part, TextContent) else "" for part in content)


def parted_text(content: tuple[UserContent, ...]) -> str:
    """Return the text of a message's content for a brain: each part begins a line."""
    return "\n".join(part.text for part in content if isinstance(part, TextContent))


def count_images(content: str | tuple[UserContent, ...]) -> int:
    """Count the images in a message's content."""
    if isinstance(content, str):
        return 0
    return sum(isinstance(part, ImageContent) for part in content)


def chat_parts(content: tuple[UserContent, ...]) -> tuple[dict[str, object], ...]:
    """Return the parts of a message's content in the form of chat completions."""
    return tuple([_chat_part(part) for part in content])


def _chat_part(part: UserContent) -> dict[str, object]:
    if isinstance(part, TextContent):
        return {"type": "text", "text": part.text}
    source = part.source
    url = f"data:{source.media_type};base64,{source.data}" if source.data else source.file_id
    return {"type": "image_url", "image_url": {"url": url, "detail": source.detail or "auto"}}
