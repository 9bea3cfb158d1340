"""Edits of an agent's blocks: memory tools return them, and the caller applies them."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from mockletta.tools.context import ToolContext
from mockletta.wire.memory import Block


class ReadableBlock(Protocol):
    """The part of a memory block that tools read."""

    @property
    def label(self) -> str: ...

    @property
    def value(self) -> str: ...

    @property
    def read_only(self) -> bool: ...


Blocks = Sequence[ReadableBlock]
"""An agent's blocks in the order in which they were attached."""


class SetValue(NamedTuple):
    """Set the value of the block with this label. Its limit is not enforced [56 over the limit]."""

    label: str
    value: str


class AddBlock(NamedTuple):
    """Create a block and attach it to the agent."""

    label: str
    value: str
    description: str


class DeleteBlock(NamedTuple):
    """Detach the block with this label from the agent and delete it."""

    label: str


class RenameBlock(NamedTuple):
    """Change the label of a block."""

    label: str
    new_label: str


class SetDescription(NamedTuple):
    """Set the description of the block with this label."""

    label: str
    description: str


BlockEdit = SetValue | AddBlock | DeleteBlock | RenameBlock | SetDescription

Edited = tuple[str | None, tuple[BlockEdit, ...]]
"""The return of a memory tool for the model, and its edits in order."""


def rewritten(label: str, value: str) -> Edited:
    """Return a block's new value, like most memory tools, and the edit that sets it [56]."""
    return value, (SetValue(label, value),)


def editable_block(blocks: Blocks, label: str) -> ReadableBlock:
    """Find a block by its label. Raises KeyError, or ValueError if the block is read-only."""
    block = next((block for block in blocks if block.label == label), None)
    if block is None:
        labels = ", ".join(block.label for block in blocks)
        raise KeyError(f"Block field {label} does not exist (available sections = {labels})")
    if block.read_only:
        raise ValueError("Error This block is read-only and cannot be edited.")
    return block


def apply_edit(context: ToolContext, edit: BlockEdit) -> None:
    """Change the agent's blocks, or the conversation's own copies of them [56 isolated]."""
    world, store = context.world, context.world.store
    if isinstance(edit, AddBlock):
        block = Block(
            id=world.ids.new("block"),
            label=edit.label,
            value=edit.value,
            description=edit.description,
        )
        store.blocks.add(block)
        store.agent_blocks.add(context.agent.id, block.id)
        return
    target = next(block for block in context.blocks if block.label == edit.label)
    if isinstance(edit, DeleteBlock):
        store.delete("blocks", target.id)
    else:
        store.blocks.replace(target.changed(_changes(edit)))


def _changes(edit: SetValue | RenameBlock | SetDescription) -> dict[str, str]:
    if isinstance(edit, SetValue):
        return {"value": edit.value}
    if isinstance(edit, RenameBlock):
        return {"label": edit.new_label}
    return {"description": edit.description}
