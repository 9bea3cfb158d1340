"""What a memory tool sees of an agent's blocks, and the edits it asks its caller to apply."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Block(Protocol):
    """The part of a memory block that tools look at."""

    @property
    def label(self) -> str: ...

    @property
    def value(self) -> str: ...

    @property
    def read_only(self) -> bool: ...


Blocks = Sequence[Block]
"""An agent's blocks in the order they were attached."""


@dataclass(frozen=True, slots=True)
class SetValue:
    """Give the block of this label a new value. Its limit is not enforced [56 over the limit]."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CreateBlock:
    """Create a block and attach it to the agent."""

    label: str
    value: str
    description: str


@dataclass(frozen=True, slots=True)
class DeleteBlock:
    """Take the block of this label from the agent and delete it."""

    label: str


@dataclass(frozen=True, slots=True)
class RenameBlock:
    """Give the block of this label another one."""

    label: str
    new_label: str


@dataclass(frozen=True, slots=True)
class SetDescription:
    """Give the block of this label a new description."""

    label: str
    description: str


BlockEdit = SetValue | CreateBlock | DeleteBlock | RenameBlock | SetDescription

Edited = tuple[str | None, tuple[BlockEdit, ...]]
"""What a memory tool returns, and the edits in the order to apply them."""


def rewritten(label: str, value: str) -> Edited:
    """End a memory tool as most do: the block's new value is what it returns [56]."""
    return value, (SetValue(label, value),)


def editable_block(blocks: Blocks, label: str) -> Block:
    """Find the block of a label. Raises KeyError, and ValueError when the block is read-only."""
    block = next((block for block in blocks if block.label == label), None)
    if block is None:
        labels = ", ".join(block.label for block in blocks)
        raise KeyError(f"Block field {label} does not exist (available sections = {labels})")
    if block.read_only:
        raise ValueError("Error This block is read-only and cannot be edited.")
    return block
