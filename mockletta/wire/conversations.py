"""Conversations."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from mockletta.wire.agents import CompactionSettingsChange
from mockletta.wire.base import Body, Wire
from mockletta.wire.fields import lazy

if TYPE_CHECKING:
    from mockletta.wire.model_settings import ModelSettings
else:
    ModelSettings = lazy("wire.model_settings", "ModelSettings")


class Conversation(Wire):
    """A conversation: the recorded keys in their order, then newer keys of the SDK.

    The excluded fields are stored by the server but never sent.
    """

    created_by_id: str | None
    last_updated_by_id: str | None
    created_at: datetime
    updated_at: datetime
    id: str
    agent_id: str
    summary: str | None = None
    in_context_message_ids: list[str] = []
    isolated_block_ids: list[str] = []
    model: str | None = None
    model_settings: ModelSettings | None = None
    last_message_at: datetime | None = None
    archived: bool = False
    archived_at: datetime | None = None
    description: str | None = None
    context_window_limit: int | None = None
    hidden: bool = Field(default=False, exclude=True)
    last_run_completion: datetime | None = Field(default=None, exclude=True)


class CompactionResponse(Wire):
    """The result of a compaction. The counts are messages in context, with the system message."""

    summary: str
    num_messages_before: int
    num_messages_after: int


def _in_utc(moment: datetime) -> datetime:
    """Convert a time to UTC. A time without a zone is in UTC [03]."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("date value out of range") from error


class ConversationFields(Body):
    """The fields of a conversation; `context_window_limit` is in tokens."""

    summary: str | None = None
    description: str | None = None
    model: str | None = None
    model_settings: ModelSettings | None = None
    context_window_limit: int | None = None


class CreateConversation(ConversationFields):
    """A request for a conversation; `isolated_block_labels` gives it copies of the agent's
    blocks."""

    hidden: bool = False
    isolated_block_labels: list[str] | None = None


class UpdateConversation(ConversationFields):
    """A change of a conversation. Null changes nothing [03]."""

    archived: bool | None = None
    last_message_at: Annotated[datetime, AfterValidator(_in_utc)] | None = None


class CompactRequest(Body):
    """A request to compact a history."""

    agent_id: str | None = None
    compaction_settings: CompactionSettingsChange | None = None
