"""Search requests and results."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from mockletta.wire.archives import Passage
from mockletta.wire.base import Body, Wire
from mockletta.wire.contexts import StoredMessage
from mockletta.wire.message_content import UserContent
from mockletta.wire.tools import Tool

Limit = Annotated[int, Field(ge=1, le=100)]
Mode = Literal["vector", "fts", "hybrid"]
Role = Literal["assistant", "user", "tool", "function", "system", "approval", "summary"]


class PassageSearch(Body):
    """A search of passages: those of an agent, else of an archive, else all."""

    query: str | None = None
    agent_id: str | None = None
    archive_id: str | None = None
    tags: list[str] | None = None
    tag_match_mode: Literal["any", "all"] = "any"
    limit: Limit = 50
    start_date: datetime | None = None
    end_date: datetime | None = None


class MessageFilter(Body):
    """The messages to search, and how they are ranked."""

    query: str | None = None
    search_mode: Mode = "hybrid"
    agent_id: str | None = None
    conversation_id: str | None = None
    limit: Limit = 50
    start_date: datetime | None = None
    end_date: datetime | None = None


class MessageSearch(MessageFilter):
    """A search of `client.messages`."""

    query: str


class StoredMessageSearch(MessageFilter):
    """A search of stored messages. Without a query it returns the newest."""

    roles: list[Role] | None = None
    project_id: str | None = None
    template_id: str | None = None


class ToolSearch(Body, extra="forbid"):
    """A search of tools. Without a query it returns all."""

    query: str | None = None
    search_mode: Mode = "hybrid"
    tool_types: list[str] | None = None
    tags: list[str] | None = None
    limit: Limit = 50


class PassageMatch(Wire):
    """A passage in a result. Its `metadata` is empty [63 global search]."""

    passage: Passage
    score: float
    metadata: dict[str, object] | None = {}


class ToolMatch(Wire):
    """A tool in a result, and the text that was searched."""

    tool: Tool
    embedded_text: str | None = None
    fts_rank: int | None = None
    vector_rank: int | None = None
    combined_score: float


class MessageMatch(Wire):
    """The common fields of message parts in a result."""

    message_id: str
    agent_id: str | None = None
    conversation_id: str | None = None
    created_at: datetime


class SystemMessageMatch(MessageMatch):
    message_type: Literal["system_message"] = "system_message"
    content: str


class UserMessageMatch(MessageMatch):
    message_type: Literal["user_message"] = "user_message"
    content: str | list[UserContent]


class ReasoningMessageMatch(MessageMatch):
    message_type: Literal["reasoning_message"] = "reasoning_message"
    reasoning: str


class AssistantMessageMatch(MessageMatch):
    message_type: Literal["assistant_message"] = "assistant_message"
    content: str


AnyMessageMatch = Annotated[
    SystemMessageMatch | UserMessageMatch | ReasoningMessageMatch | AssistantMessageMatch,
    Field(discriminator="message_type"),
]


class StoredMessageMatch(Wire):
    """A stored message in a result, with its text and its ranks."""

    embedded_text: str
    message: StoredMessage
    fts_rank: int | None = None
    vector_rank: int | None = None
    rrf_score: float
