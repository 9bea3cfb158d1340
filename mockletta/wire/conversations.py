"""Conversations."""

from datetime import datetime

from pydantic import Field

from mockletta.wire.base import Wire
from mockletta.wire.model_settings import ModelSettings


class Conversation(Wire):
    """A conversation: the recorded keys in their order, then the newer ones of the SDK.

    The excluded fields are what the server knows and never sends.
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
    """What a compaction did: the counts are messages in context, the system message included."""

    summary: str
    num_messages_before: int
    num_messages_after: int
