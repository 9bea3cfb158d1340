"""The tools that read and change the blocks of an agent's memory."""

from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter, signature

from mockletta.tools.block_edits import (
    AddBlock,
    BlockEdit,
    Blocks,
    DeleteBlock,
    Edited,
    RenameBlock,
    SetDescription,
    editable_block,
    rewritten,
)
from mockletta.tools.call_arguments import call_tool
from mockletta.tools.returns import TOOL_ERRORS, ToolOutcome, failure, success

NOTHING_TO_RENAME = (
    "Error: path and description are required for update_description command, or old_path and "
    "new_path are required for rename command"
)
NO_HUNKS = "No applicable hunks found in patch. Ensure lines start with ' ', '-', or '+'."


def apply_patch(text: str, patch: str) -> str:
    """Apply the hunks of a unified diff to `text`.

    Other lines are skipped. Raises ValueError if there is no hunk, or if the lines that a hunk
    replaces do not occur in the text exactly once.
    """
    lines = text.split("\n") if text else []
    hunks = list(_hunks(patch))
    if not hunks:
        raise ValueError(NO_HUNKS)
    if not any(line.startswith(("+", "-")) for hunk in hunks for line in hunk):
        raise ValueError("The patch changes nothing.")
    for hunk in hunks:
        lines = _patched(lines, hunk)
    return "\n".join(lines)


def _hunks(patch: str) -> Iterator[list[str]]:
    hunk: list[str] = []
    for line in _body(patch):
        if line.startswith("@@"):
            if hunk:
                yield hunk
            hunk = []
        elif line[:1] in " +-":
            hunk.append(line)
    if hunk:
        yield hunk


def _body(patch: str) -> list[str]:
    lines = patch.strip("\n").split("\n")
    named = len(lines) > 1 and lines[0].startswith("--- ") and lines[1].startswith("+++ ")
    return lines[2:] if named else lines


def _patched(lines: list[str], hunk: list[str]) -> list[str]:
    old = [line[1:] for line in hunk if line[:1] in " -"]
    new = [line[1:] for line in hunk if line[:1] in " +"]
    if not old:
        return [*lines, *new]
    places = [at for at in range(len(lines)) if lines[at : at + len(old)] == old]
    wanted = "\n".join(old)
    if not places:
        raise ValueError(f"No patch was applied, `{wanted}` did not appear verbatim.")
    if len(places) > 1:
        numbers = [at + 1 for at in places]
        raise ValueError(
            f"No patch was applied. Multiple occurrences of `{wanted}` at lines {numbers}. "
            "Please add context to make it unique."
        )
    return [*lines[: places[0]], *new, *lines[places[0] + len(old) :]]


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


DONE = "Your system prompt has been recompiled {} and is now active in your context."


def memory(  # noqa: PLR0913, PLR0917 - the tool's own parameters [00]
    blocks: Blocks,
    /,
    command: str,
    path: str | None = None,
    file_text: str | None = None,
    description: str | None = None,
    old_string: str | None = None,
    new_string: str | None = None,
    insert_line: int | None = None,
    insert_text: str | None = None,
    old_path: str | None = None,
    new_path: str | None = None,
) -> Edited:
    """Run one command. Parameters that it does not use are ignored.

    `rename` with a `path` and a `description` changes the description. Raises ValueError if the
    command is unknown or lacks a parameter.
    """
    options = locals()
    if command not in COMMANDS:
        raise ValueError(
            f"Error: Unknown command '{command}'. Supported commands: {', '.join(COMMANDS)}"
        )
    run = COMMANDS[command]
    if command == "rename":
        if path and description:
            run = _describe
        elif not (old_path and new_path):
            raise ValueError(NOTHING_TO_RENAME)
    return run(blocks, **_taken(run, command, options))


def _taken(
    run: Callable[..., Edited], command: str, options: Mapping[str, object]
) -> dict[str, object]:
    taken = {}
    for name, parameter in signature(run).parameters.items():
        if parameter.kind is Parameter.POSITIONAL_ONLY:
            continue
        if options[name] is not None:
            taken[name] = options[name]
        elif parameter.default is Parameter.empty:
            raise ValueError(f"Error: {name} is required for {command} command")
    return taken


def _create(blocks: Blocks, /, path: str, description: str, file_text: str = "") -> Edited:
    label = _unused_label(blocks, path)
    done = DONE.format("with the new memory block")
    edit = AddBlock(label, file_text, description)
    return f"Successfully created memory block '{label}'. {done}", (edit,)


def _str_replace(blocks: Blocks, /, path: str, old_string: str, new_string: str) -> Edited:
    return memory_replace(blocks, _label(path), old_string, new_string)


def _insert(blocks: Blocks, /, path: str, insert_line: int, insert_text: str) -> Edited:
    return memory_insert(blocks, _label(path), insert_text, insert_line)


def _delete(blocks: Blocks, /, path: str) -> Edited:
    """Delete a block. An unknown one is no error, but the text says so."""
    try:
        label = editable_block(blocks, _label(path)).label
    except KeyError as error:
        return f"Error performing delete: {error}", ()
    done = DONE.format("without this memory block")
    return f"Successfully deleted memory block '{label}'. {done}", (DeleteBlock(label),)


def _rename(
    blocks: Blocks, /, old_path: str, new_path: str, description: str | None = None
) -> Edited:
    label = editable_block(blocks, _label(old_path)).label
    new_label = _unused_label(blocks, new_path)
    edits: tuple[BlockEdit, ...] = (RenameBlock(label, new_label),)
    if description is not None:
        edits = (*edits, SetDescription(new_label, description))
    done = DONE.format("with the renamed memory block")
    return f"Successfully renamed memory block '{label}' to '{new_label}'. {done}", edits


def _describe(blocks: Blocks, /, path: str, description: str) -> Edited:
    label = editable_block(blocks, _label(path)).label
    done = DONE.format("with the updated memory block")
    edit = SetDescription(label, description)
    return f"Successfully updated description of memory block '{label}'. {done}", (edit,)


def _unused_label(blocks: Blocks, path: str) -> str:
    label = _label(path)
    if any(block.label == label for block in blocks):
        raise ValueError(f"Error: Memory block '{label}' already exists")
    return label


def _label(path: str) -> str:
    # A label with a slash could not be addressed in a URL.
    label = path.removeprefix("/memories").strip("/").replace("/", "_")
    if not label:
        raise ValueError(f"Error: '{path}' does not name a memory block")
    return label


COMMANDS: Mapping[str, Callable[..., Edited]] = {
    "create": _create,
    "str_replace": _str_replace,
    "insert": _insert,
    "delete": _delete,
    "rename": _rename,
}


def run_memory_tool(name: str, arguments: Mapping[str, object], blocks: Blocks) -> ToolOutcome:
    """Run a tool of MEMORY_TOOLS. An error that it raises becomes an outcome.

    >>> run_memory_tool("core_memory_append", {"label": "human", "content": "x"}, ()).text
    "'Block field human does not exist (available sections = )'"
    """
    tool = MEMORY_TOOLS[name]
    try:
        value, edits = call_tool(tool, arguments, blocks)
    except TOOL_ERRORS as error:
        return failure(name, error)
    return success(value, edits)


def memory_finish_edits(_blocks: Blocks, /) -> Edited:
    """Finish the edits. The agent's tool rules end the turn [56]."""
    return None, ()


def finish_rethinking_memory(_blocks: Blocks, /) -> Edited:
    """Finish the rethinking."""
    return None, ()


def send_message(_blocks: Blocks, /, message: str) -> Edited:  # noqa: ARG001 - the caller shows it
    """Speak to the user, as agents of the older types do."""
    return "Sent message successfully.", ()


MEMORY_TOOLS: Mapping[str, Callable[..., Edited]] = {
    tool.__name__: tool
    for tool in (
        core_memory_append,
        core_memory_replace,
        finish_rethinking_memory,
        memory,
        memory_apply_patch,
        memory_finish_edits,
        memory_insert,
        memory_replace,
        memory_rethink,
        rethink_user_memory,
        send_message,
    )
}
