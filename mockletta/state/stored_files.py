"""Stored files, and the progress of their processing.

A stored file never changes: the state of its processing is derived from the clock.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from mockletta.wire.base import Wire

if TYPE_CHECKING:
    from mockletta.wire.folders import ProcessingStatus

PARSING = timedelta(milliseconds=50)
EMBEDDING = timedelta(milliseconds=50)
"""The seconds that a file is parsed and then embedded, on the world's clock."""
PROCESSING = PARSING + EMBEDDING
MOST_BYTES = 256 * 1024 * 1024
"""The most bytes that all files of a world may have together."""


class FileRecord(Wire):
    """A file in a folder. `name` is its name for agents, `size` is in bytes; `chunks` is the number
    of passages of its text, `error` the reason why it has no text.
    """

    id: str
    folder_id: str
    name: str
    original_name: str
    file_type: str
    size: int
    text: str
    chunks: int
    error: str | None
    created_at: datetime

    def status_at(self, now: datetime) -> "ProcessingStatus":
        """Return the state of its processing at a time [64 upload txt, files]."""
        if now < self.created_at + PARSING:
            return "parsing"
        if self.error is not None:
            return "error"
        return "embedding" if now < self.created_at + PROCESSING else "completed"

    def updated_at(self, now: datetime) -> datetime:
        """Return when the state of its processing last changed."""
        ended = {
            "parsing": self.created_at,
            "completed": self.created_at + PROCESSING,
        }
        return ended.get(self.status_at(now), self.created_at + PARSING)


class AgentFileRecord(Wire):
    """A file that an agent has through a folder.

    Lines count from 0, `end` is exclusive; without both the whole file is visible. `accesses`
    counts the agent's accesses. `shown` is the part of its text that lists show: a file that was
    closed automatically keeps it, and one that was opened with its folder is not cut to the agent's
    window.
    """

    id: str
    agent_id: str
    file_id: str
    folder_id: str
    is_open: bool
    shown: Literal["nothing", "cut", "whole"] = "nothing"
    last_accessed_at: datetime
    accesses: int
    start: int | None = None
    end: int | None = None
