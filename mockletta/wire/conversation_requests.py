"""What a client sends to make, change and compact conversations."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator

from mockletta.wire.agent_requests import CompactionSettingsChange
from mockletta.wire.base import Body
from mockletta.wire.model_settings import ModelSettings


def _in_utc(moment: datetime) -> datetime:
    """A time in UTC, which is also what one without a zone is taken for [03]."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("date value out of range") from error


class ConversationFields(Body):
    """What can be said of a conversation; `context_window_limit` is in tokens."""

    summary: str | None = None
    description: str | None = None
    model: str | None = None
    model_settings: ModelSettings | None = None
    context_window_limit: int | None = None


class CreateConversation(ConversationFields):
    """A new conversation; `isolated_block_labels` gives it copies of the agent's blocks."""

    hidden: bool = False
    isolated_block_labels: list[str] | None = None


class UpdateConversation(ConversationFields):
    """A change of a conversation: null leaves a thing as it is [03]."""

    archived: bool | None = None
    last_message_at: Annotated[datetime, AfterValidator(_in_utc)] | None = None


class CompactRequest(Body):
    """Which history to compact, and how."""

    agent_id: str | None = None
    compaction_settings: CompactionSettingsChange | None = None
