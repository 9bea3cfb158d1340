"""The `memory` tool, in the words of recording 56."""

from dataclasses import dataclass

import pytest

from mockletta.tools.memory.block_edits import (
    CreateBlock,
    DeleteBlock,
    RenameBlock,
    SetDescription,
    SetValue,
)
from mockletta.tools.memory.memory_tool_table import run_memory_tool
from mockletta.tools.returns import ToolOutcome, failure


@dataclass(frozen=True)
class Block:
    label: str
    value: str
    read_only: bool = False


BLOCKS = (Block("human", "All new\nreplaced"), Block("ro", "fixed", read_only=True))


def run(command: str, **options: object) -> ToolOutcome:
    return run_memory_tool("memory", {"command": command, **options}, BLOCKS)


def test_create_asks_for_a_new_block() -> None:
    assert run("create", path="/memories/notes", description="d", file_text="text") == ToolOutcome(
        "Successfully created memory block 'notes'. Your system prompt has been recompiled with "
        "the new memory block and is now active in your context.",
        edits=(CreateBlock("notes", "text", "d"),),
    )


def test_a_block_is_created_empty_without_a_text() -> None:
    outcome = run("create", path="notes", description="d", file_text=None)
    assert outcome.edits == (CreateBlock("notes", "", "d"),)


def test_a_path_in_folders_becomes_a_label_without_slashes() -> None:
    outcome = run("create", path="/memories/work/notes/", description="d")
    assert outcome.edits == (CreateBlock("work_notes", "", "d"),)


def test_a_block_is_not_created_twice() -> None:
    error = ValueError("Error: Memory block 'human' already exists")
    assert run("create", path="/memories/human", description="d") == failure("memory", error)


def test_the_root_is_not_a_block() -> None:
    error = ValueError("Error: '/memories' does not name a memory block")
    assert run("create", path="/memories", description="d") == failure("memory", error)


def test_str_replace_returns_the_new_value() -> None:
    outcome = run(
        "str_replace", path="/memories/human", old_string="All new", new_string="All newer"
    )
    value = "All newer\nreplaced"
    assert outcome == ToolOutcome(value, edits=(SetValue("human", value),))


def test_insert_returns_the_new_value() -> None:
    outcome = run("insert", path="/memories/human", insert_line=0, insert_text="top")
    value = "top\nAll new\nreplaced"
    assert outcome == ToolOutcome(value, edits=(SetValue("human", value),))


def test_delete_asks_to_delete_the_block() -> None:
    assert run("delete", path="/memories/human") == ToolOutcome(
        "Successfully deleted memory block 'human'. Your system prompt has been recompiled "
        "without this memory block and is now active in your context.",
        edits=(DeleteBlock("human"),),
    )


def test_rename_asks_for_another_label() -> None:
    assert run("rename", old_path="/memories/human", new_path="/memories/user") == ToolOutcome(
        "Successfully renamed memory block 'human' to 'user'. Your system prompt has been "
        "recompiled with the renamed memory block and is now active in your context.",
        edits=(RenameBlock("human", "user"),),
    )


def test_rename_can_describe_the_block_anew() -> None:
    outcome = run("rename", old_path="human", new_path="user", description="d")
    assert outcome.edits == (RenameBlock("human", "user"), SetDescription("user", "d"))


def test_rename_of_one_path_describes_the_block_anew() -> None:
    assert run("rename", path="/memories/human", description="d") == ToolOutcome(
        "Successfully updated description of memory block 'human'. Your system prompt has been "
        "recompiled with the updated memory block and is now active in your context.",
        edits=(SetDescription("human", "d"),),
    )


def test_a_block_is_not_renamed_to_another_ones_label() -> None:
    error = ValueError("Error: Memory block 'ro' already exists")
    assert run("rename", old_path="human", new_path="ro") == failure("memory", error)


@pytest.mark.parametrize(
    ("command", "options", "missing"),
    [
        ("create", {}, "path"),
        ("create", {"path": "x"}, "description"),
        ("str_replace", {"path": "human", "old_string": "x"}, "new_string"),
        ("insert", {"path": "human", "insert_text": "x"}, "insert_line"),
        ("delete", {}, "path"),
        ("rename", {}, "old_path"),
        ("rename", {"old_path": "human"}, "new_path"),
        ("rename", {"path": "human"}, "description"),
    ],
)
def test_a_command_names_what_it_lacks(
    command: str, options: dict[str, object], missing: str
) -> None:
    error = ValueError(f"Error: {missing} is required for {command} command")
    assert run(command, **options) == failure("memory", error)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("delete", {"path": "ro"}),
        ("rename", {"old_path": "ro", "new_path": "rw"}),
        ("rename", {"path": "ro", "description": "d"}),
        ("insert", {"path": "ro", "insert_line": 0, "insert_text": "x"}),
    ],
)
def test_a_read_only_block_stays_as_it_is(command: str, options: dict[str, object]) -> None:
    error = ValueError("Error This block is read-only and cannot be edited.")
    assert run(command, **options) == failure("memory", error)


def test_an_unknown_block_is_a_key_error() -> None:
    error = KeyError("Block field nope does not exist (available sections = human, ro)")
    assert run("delete", path="/memories/nope") == failure("memory", error)


def test_an_unknown_command_is_refused() -> None:
    error = ValueError(
        "Error: Unknown command 'view'. "
        "Supported commands: create, str_replace, insert, delete, rename"
    )
    assert run("view", path="/memories") == failure("memory", error)
