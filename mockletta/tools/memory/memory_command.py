"""The `memory` tool: it takes a `command` and addresses blocks as paths in /memories."""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature

from mockletta.tools.memory.block_edits import (
    BlockEdit,
    Blocks,
    CreateBlock,
    DeleteBlock,
    Edited,
    RenameBlock,
    SetDescription,
    editable_block,
)
from mockletta.tools.memory.memory_tools import memory_insert, memory_replace

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
    if command == "rename" and old_path is None and path is not None:
        run = _describe
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
    edit = CreateBlock(label, file_text, description)
    return f"Successfully created memory block '{label}'. {done}", (edit,)


def _str_replace(blocks: Blocks, /, path: str, old_string: str, new_string: str) -> Edited:
    return memory_replace(blocks, _label(path), old_string, new_string)


def _insert(blocks: Blocks, /, path: str, insert_line: int, insert_text: str) -> Edited:
    return memory_insert(blocks, _label(path), insert_text, insert_line)


def _delete(blocks: Blocks, /, path: str) -> Edited:
    label = editable_block(blocks, _label(path)).label
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
