"""Memory tools that change the text of one block."""

from mockletta.tools.memory.block_edits import Blocks, Edited, editable_block, rewritten
from mockletta.tools.memory.memory_patches import apply_patch

END = -1


def memory_insert(blocks: Blocks, /, label: str, new_string: str, insert_line: int = END) -> Edited:
    """Insert lines after line `insert_line`: 0 is the top, -1 the end [56 memory_insert *]."""
    lines = editable_block(blocks, label).value.split("\n")
    at = len(lines) if insert_line == END else insert_line
    if not 0 <= at <= len(lines):
        raise ValueError(
            f"Invalid `insert_line` parameter: {insert_line}. It should be within the range of "
            f"lines of the memory block: {[0, len(lines)]}, or -1 to append to the end of the "
            "memory block."
        )
    return rewritten(label, "\n".join([*lines[:at], new_string, *lines[at:]]))


def memory_replace(blocks: Blocks, /, label: str, old_string: str, new_string: str) -> Edited:
    """Replace a text that occurs in the block exactly once [56 memory_replace *]."""
    value = editable_block(blocks, label).value
    count = value.count(old_string)
    if count == 0:
        raise ValueError(
            f"No replacement was performed, old_string `{old_string}` did not appear verbatim in "
            f"memory block with label `{label}`."
        )
    if count > 1:
        raise ValueError(
            f"No replacement was performed. Multiple occurrences of old_string `{old_string}` in "
            f"lines {_lines_with(old_string, value)}. Please ensure it is unique."
        )
    return rewritten(label, value.replace(old_string, new_string))


def memory_rethink(blocks: Blocks, /, label: str, new_memory: str) -> Edited:
    """Replace the whole value of a block that exists [56 memory_rethink new label]."""
    return rewritten(editable_block(blocks, label).label, new_memory)


def memory_apply_patch(blocks: Blocks, /, label: str, patch: str) -> Edited:
    """Apply a unified diff to a block."""
    return rewritten(label, apply_patch(editable_block(blocks, label).value, patch))


def core_memory_append(blocks: Blocks, /, label: str, content: str) -> Edited:
    """Add a line at the end."""
    return rewritten(label, f"{editable_block(blocks, label).value}\n{content}")


def core_memory_replace(
    blocks: Blocks, /, label: str, old_content: str, new_content: str
) -> Edited:
    """Replace every occurrence of a text [56 core_memory_replace]."""
    value = editable_block(blocks, label).value
    if old_content not in value:
        raise ValueError(f"Old content '{old_content}' not found in memory block '{label}'")
    return rewritten(label, value.replace(old_content, new_content))


def rethink_user_memory(blocks: Blocks, /, new_memory: str) -> Edited:
    """Replace the whole value of the block about the user."""
    return memory_rethink(blocks, "human", new_memory)


def _lines_with(text: str, value: str) -> list[int]:
    """Find the numbers of the lines in which `text`, which may span several, begins."""
    ends = text.count("\n") + 1
    lines = value.split("\n")
    starts = range(len(lines))
    return [at + 1 for at in starts if text in "\n".join(lines[at : at + ends])]
