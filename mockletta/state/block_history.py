"""The history of memory blocks: each change of a value, when it happened and what caused it."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

MOST_BYTES = 4 * 1024 * 1024
OVERHEAD = 400


@dataclass(frozen=True, slots=True)
class Cause:
    """What changed a block: a tool call of a turn, or a request itself.

    `operation` is the operation that was asked for, `request` the number of its journal entry.
    """

    operation: str | None = None
    request: int | None = None
    tool: str | None = None
    agent_id: str | None = None
    conversation_id: str | None = None
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One change of a block's value."""

    number: int
    at: datetime
    block_id: str
    before: str
    after: str
    cause: Cause

    @property
    def size(self) -> int:
        """The bytes that count against the bound: four for each character, at most."""
        return OVERHEAD + 4 * (len(self.before) + len(self.after))


class BlockHistory:
    """The newest changes of all blocks of a world, bounded in bytes; the oldest go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._changes: deque[BlockChange] = deque()
        self._counts: dict[str, int] = {}
        self._next_number = 1

    def record(self, block_id: str, before: str, after: str, at: datetime, cause: Cause) -> None:
        """Record a change; an equal value is not recorded."""
        if before == after:
            return
        change = BlockChange(self._next_number, at, block_id, before, after, cause)
        self._next_number += 1
        self._changes.append(change)
        self._counts[block_id] = self._counts.get(block_id, 0) + 1
        self.bytes += change.size
        while self.bytes > self.most_bytes and len(self._changes) > 1:
            self._drop()

    def of(self, block_id: str) -> list[BlockChange]:
        """The kept changes of a block, oldest first."""
        if block_id not in self._counts:
            return []
        return [change for change in self._changes if change.block_id == block_id]

    def count(self, block_id: str) -> int:
        """How many changes of a block are kept."""
        return self._counts.get(block_id, 0)

    @property
    def dropped(self) -> int:
        """How many changes of any block are no longer kept."""
        return self._next_number - 1 - len(self._changes)

    def _drop(self) -> None:
        change = self._changes.popleft()
        self.bytes -= change.size
        left = self._counts[change.block_id] - 1
        if left:
            self._counts[change.block_id] = left
        else:
            del self._counts[change.block_id]
