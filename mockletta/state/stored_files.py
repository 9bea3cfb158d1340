"""Files as they are stored, and how their processing goes by the clock.

Nothing happens to a file once it is stored: what state its processing is in follows from the time.
"""

from datetime import datetime, timedelta

from mockletta.wire.base import Wire
from mockletta.wire.files import ProcessingStatus

PARSING = timedelta(milliseconds=50)
EMBEDDING = timedelta(milliseconds=50)
"""How long a file is parsed, and then embedded, by the world's clock."""
PROCESSING = PARSING + EMBEDDING
MOST_BYTES = 256 * 1024 * 1024
"""How many bytes all files of a world may have."""


class FileRecord(Wire):
    """A file in a folder. `name` is the one agents know it by, `size` is in bytes; `chunks` says
    how many passages its text makes, `error` why there is no text."""

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

    def status_at(self, now: datetime) -> ProcessingStatus:
        """How far its processing is [64 upload txt, files]."""
        if now < self.created_at + PARSING:
            return "parsing"
        if self.error is not None:
            return "error"
        return "embedding" if now < self.created_at + PROCESSING else "completed"

    def updated_at(self, now: datetime) -> datetime:
        """When it last came to another state."""
        ended = {
            "parsing": self.created_at,
            "completed": self.created_at + PROCESSING,
        }
        return ended.get(self.status_at(now), self.created_at + PARSING)


class AgentFileRecord(Wire):
    """A file that an agent has through a folder. Lines are counted from 0, `end` is exclusive; with
    neither the whole file is seen. `accesses` grows from one access of the agent's to the next."""

    id: str
    agent_id: str
    file_id: str
    folder_id: str
    is_open: bool
    last_accessed_at: datetime
    accesses: int
    start: int | None = None
    end: int | None = None
