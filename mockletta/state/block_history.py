"""The history of memory blocks: each change of a value, when it happened and what caused it."""

from collections import OrderedDict, deque
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

MOST_BYTES = 4 * 1024 * 1024
OVERHEAD = 400


@dataclass(frozen=True, slots=True)
class Cause:
    """The cause of a change of a block: a tool call of a turn, or a request.

    `operation` is the requested operation, `request` the number of its journal entry.
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
        """The bytes that count towards the limit: at most four for each character."""
        return OVERHEAD + 4 * (len(self.before) + len(self.after))


class BlockHistory:
    """The newest changes of all blocks of a world, bounded in bytes; the oldest are dropped first.

    `dropped` is their number.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.dropped = 0
        self._changes: OrderedDict[int, BlockChange] = OrderedDict()
        self._of_blocks: dict[str, deque[BlockChange]] = {}
        self._next_number = 1

    def record(self, block_id: str, before: str, after: str, at: datetime, cause: Cause) -> None:
        """Record a change; an equal value is not recorded."""
        if before == after:
            return
        change = BlockChange(self._next_number, at, block_id, before, after, cause)
        self._next_number += 1
        self._changes[change.number] = change
        self._of_blocks.setdefault(block_id, deque()).append(change)
        self.bytes += change.size
        while self.bytes > self.most_bytes and len(self._changes) > 1:
            self._drop_oldest()

    def of(self, block_id: str) -> list[BlockChange]:
        """Return the recorded changes of a block, oldest first."""
        return list(self._of_blocks.get(block_id, ()))

    def count(self, block_id: str) -> int:
        """Return the number of recorded changes of a block."""
        return len(self._of_blocks.get(block_id, ()))

    def forget(self, block_id: str) -> None:
        """Remove the changes of a deleted block."""
        for change in self._of_blocks.pop(block_id, ()):
            self.bytes -= change.size
            del self._changes[change.number]

    def forget_all_but(self, block_ids: Container[str]) -> None:
        """Remove the changes of all blocks except these."""
        for block_id in [one for one in self._of_blocks if one not in block_ids]:
            self.forget(block_id)

    def _drop_oldest(self) -> None:
        _, change = self._changes.popitem(last=False)
        self.bytes -= change.size
        self.dropped += 1
        kept = self._of_blocks[change.block_id]
        kept.popleft()
        if not kept:
            del self._of_blocks[change.block_id]
