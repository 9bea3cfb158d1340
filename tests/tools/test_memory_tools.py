"""The memory tools, in the words of recording 56."""

import re
from dataclasses import dataclass

import pytest

from mockletta.tools.block_edits import (
    AddBlock,
    DeleteBlock,
    RenameBlock,
    SetDescription,
    SetValue,
)
from mockletta.tools.memory_tools import MEMORY_TOOLS, apply_patch, run_memory_tool
from mockletta.tools.returns import ToolOutcome, failure


@dataclass(frozen=True)
class Block:
    label: str
    value: str
    read_only: bool = False


HUMAN = Block("human", "Line one\nLine two")
BLOCKS = (HUMAN, Block("persona", "P"), Block("ro", "fixed", read_only=True))


def rewritten(value: str, label: str = "human") -> ToolOutcome:
    return ToolOutcome(value, edits=(SetValue(label, value),))


def refused(tool: str, kind: str, text: str) -> ToolOutcome:
    return ToolOutcome(text, "error", (f"Error executing function {tool}: {kind}: {text}",))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (None, "Line one\nLine two\nx\ny"),
        (-1, "Line one\nLine two\nx\ny"),
        (0, "x\ny\nLine one\nLine two"),
        (1, "Line one\nx\ny\nLine two"),
        (2, "Line one\nLine two\nx\ny"),
        ("1", "Line one\nx\ny\nLine two"),
    ],
)
def test_memory_insert_inserts_after_a_line(line: object, value: str) -> None:
    arguments = {"label": "human", "new_string": "x\ny", "insert_line": line}
    assert run_memory_tool("memory_insert", arguments, BLOCKS) == rewritten(value)


@pytest.mark.parametrize("line", [99, 3, -2])
def test_memory_insert_refuses_a_line_that_is_not_there(line: int) -> None:
    arguments = {"label": "human", "new_string": "x", "insert_line": line}
    assert run_memory_tool("memory_insert", arguments, BLOCKS) == refused(
        "memory_insert",
        "ValueError",
        f"Invalid `insert_line` parameter: {line}. It should be within the range of lines of the "
        "memory block: [0, 2], or -1 to append to the end of the memory block.",
    )


def test_memory_replace_replaces_a_text_that_is_unique() -> None:
    arguments = {"label": "human", "old_string": "Line one", "new_string": "Line 1"}
    outcome = run_memory_tool("memory_replace", arguments, BLOCKS)
    assert outcome == rewritten("Line 1\nLine two")


def test_memory_replace_refuses_a_text_that_is_not_there() -> None:
    arguments = {"label": "human", "old_string": "zzz", "new_string": "y"}
    assert run_memory_tool("memory_replace", arguments, BLOCKS) == refused(
        "memory_replace",
        "ValueError",
        "No replacement was performed, old_string `zzz` did not appear verbatim in memory block "
        "with label `human`.",
    )


@pytest.mark.parametrize(
    ("value", "old", "lines"),
    [
        ("Inserted a\nInserted b\nc\nd\nInserted e", "Inserted", [1, 2, 5]),
        ("a\nb\nx\na\nb", "a\nb", [1, 4]),
        ("aa bb aa", "aa", [1]),
    ],
)
def test_memory_replace_lists_the_lines_of_an_ambiguous_text(
    value: str, old: str, lines: list[int]
) -> None:
    arguments = {"label": "human", "old_string": old, "new_string": "y"}
    assert run_memory_tool("memory_replace", arguments, [Block("human", value)]) == refused(
        "memory_replace",
        "ValueError",
        f"No replacement was performed. Multiple occurrences of old_string `{old}` in lines "
        f"{lines}. Please ensure it is unique.",
    )


def test_memory_rethink_writes_a_block_anew() -> None:
    arguments = {"label": "human", "new_memory": "All new"}
    assert run_memory_tool("memory_rethink", arguments, BLOCKS) == rewritten("All new")


def test_core_memory_append_adds_a_line() -> None:
    arguments = {"label": "persona", "content": "appended"}
    outcome = run_memory_tool("core_memory_append", arguments, BLOCKS)
    assert outcome == rewritten("P\nappended", "persona")


def test_core_memory_replace_replaces_every_occurrence() -> None:
    arguments = {"label": "human", "old_content": "Line", "new_content": "Row"}
    outcome = run_memory_tool("core_memory_replace", arguments, BLOCKS)
    assert outcome == rewritten("Row one\nRow two")


def test_core_memory_replace_refuses_a_text_that_is_not_there() -> None:
    arguments = {"label": "human", "old_content": "zzz", "new_content": "y"}
    assert run_memory_tool("core_memory_replace", arguments, BLOCKS) == refused(
        "core_memory_replace",
        "ValueError",
        "Old content 'zzz' not found in memory block 'human'",
    )


def test_rethink_user_memory_writes_the_block_about_the_user() -> None:
    outcome = run_memory_tool("rethink_user_memory", {"new_memory": "Ann"}, BLOCKS)
    assert outcome == rewritten("Ann")


@pytest.mark.parametrize("name", ["memory_finish_edits", "finish_rethinking_memory"])
def test_a_tool_that_ends_the_edits_returns_none(name: str) -> None:
    assert run_memory_tool(name, {}, BLOCKS) == ToolOutcome("None")


def test_send_message_says_that_it_sent_one() -> None:
    outcome = run_memory_tool("send_message", {"message": "Hi"}, ())
    assert outcome == ToolOutcome("Sent message successfully.")


def test_a_patch_rewrites_a_block() -> None:
    arguments = {"label": "human", "patch": " Line one\n-Line two\n+Line 2"}
    outcome = run_memory_tool("memory_apply_patch", arguments, BLOCKS)
    assert outcome == rewritten("Line one\nLine 2")


EDITS: dict[str, dict[str, object]] = {
    "memory_insert": {"new_string": "x"},
    "memory_replace": {"old_string": "fixed", "new_string": "x"},
    "memory_rethink": {"new_memory": "x"},
    "memory_apply_patch": {"patch": "+x"},
    "core_memory_append": {"content": "x"},
    "core_memory_replace": {"old_content": "fixed", "new_content": "x"},
}


@pytest.mark.parametrize("tool", EDITS)
def test_a_read_only_block_cannot_be_edited(tool: str) -> None:
    assert run_memory_tool(tool, {"label": "ro", **EDITS[tool]}, BLOCKS) == refused(
        tool, "ValueError", "Error This block is read-only and cannot be edited."
    )


@pytest.mark.parametrize("tool", EDITS)
def test_an_unknown_label_is_a_key_error_that_names_the_blocks(tool: str) -> None:
    assert run_memory_tool(tool, {"label": "nope", **EDITS[tool]}, BLOCKS) == refused(
        tool,
        "KeyError",
        "'Block field nope does not exist (available sections = human, persona, ro)'",
    )


def test_an_argument_too_many_is_a_type_error() -> None:
    assert run_memory_tool("memory_finish_edits", {"label": "human"}, BLOCKS) == refused(
        "memory_finish_edits",
        "TypeError",
        "LettaCoreToolExecutor.memory_finish_edits() got an unexpected keyword argument 'label'",
    )


def test_a_number_that_is_none_is_a_value_error() -> None:
    arguments = {"label": "human", "new_string": "x", "insert_line": "abc"}
    assert run_memory_tool("memory_insert", arguments, BLOCKS) == refused(
        "memory_insert", "ValueError", "invalid literal for int() with base 10: 'abc'"
    )


def test_an_infinite_number_is_an_overflow_error() -> None:
    arguments = {"label": "human", "new_string": "x", "insert_line": float("inf")}
    outcome = run_memory_tool("memory_insert", arguments, BLOCKS)
    expected = OverflowError("cannot convert float infinity to integer")
    assert outcome == failure("memory_insert", expected)


def test_texts_that_are_not_strings_are_taken_as_python_shows_them() -> None:
    arguments = {"label": "persona", "content": {"a": [1, None]}}
    outcome = run_memory_tool("core_memory_append", arguments, BLOCKS)
    assert outcome == rewritten("P\n{'a': [1, None]}", "persona")


def test_every_memory_tool_is_known_by_its_name() -> None:
    assert sorted(MEMORY_TOOLS) == [
        "core_memory_append",
        "core_memory_replace",
        "finish_rethinking_memory",
        "memory",
        "memory_apply_patch",
        "memory_finish_edits",
        "memory_insert",
        "memory_replace",
        "memory_rethink",
        "rethink_user_memory",
        "send_message",
    ]


NEW_BLOCKS = (Block("human", "All new\nreplaced"), Block("ro", "fixed", read_only=True))


def run(command: str, **options: object) -> ToolOutcome:
    return run_memory_tool("memory", {"command": command, **options}, NEW_BLOCKS)


def test_create_asks_for_a_new_block() -> None:
    assert run("create", path="/memories/notes", description="d", file_text="text") == ToolOutcome(
        "Successfully created memory block 'notes'. Your system prompt has been recompiled with "
        "the new memory block and is now active in your context.",
        edits=(AddBlock("notes", "text", "d"),),
    )


def test_a_block_is_created_empty_without_a_text() -> None:
    outcome = run("create", path="notes", description="d", file_text=None)
    assert outcome.edits == (AddBlock("notes", "", "d"),)


def test_a_path_in_folders_becomes_a_label_without_slashes() -> None:
    outcome = run("create", path="/memories/work/notes/", description="d")
    assert outcome.edits == (AddBlock("work_notes", "", "d"),)


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
    ],
)
def test_a_command_names_what_it_lacks(
    command: str, options: dict[str, object], missing: str
) -> None:
    error = ValueError(f"Error: {missing} is required for {command} command")
    assert run(command, **options) == failure("memory", error)


@pytest.mark.parametrize("given", ["old_path", "new_path", "path"])
def test_rename_names_the_two_ways_to_call_it(given: str) -> None:
    assert "old_path and new_path are required" in run("rename", **{given: "human"}).text


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
    error = "'Block field nope does not exist (available sections = human, ro)'"
    assert run("delete", path="nope") == ToolOutcome(f"Error performing delete: {error}")


def test_an_unknown_command_is_refused() -> None:
    error = ValueError(
        "Error: Unknown command 'view'. "
        "Supported commands: create, str_replace, insert, delete, rename"
    )
    assert run("view", path="/memories") == failure("memory", error)


def test_a_hunk_replaces_the_lines_it_shows() -> None:
    patch = "--- a\n+++ b\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"
    assert apply_patch("zero\none\ntwo\nthree", patch) == "zero\none\n2\nthree"


def test_hunks_are_applied_one_after_the_other() -> None:
    patch = "@@\n-one\n+1\n@@\n-three\n+3\n\\ No newline at end of file"
    assert apply_patch("one\ntwo\nthree", patch) == "1\ntwo\n3"


def test_an_empty_line_of_a_patch_is_an_empty_line_of_the_text() -> None:
    assert apply_patch("one\n\ntwo", " one\n\n-two\n+2") == "one\n\n2"


def test_a_hunk_that_only_adds_goes_to_the_end() -> None:
    assert apply_patch("one", "+two\n+three") == "one\ntwo\nthree"


def test_an_empty_text_gets_the_added_lines_alone() -> None:
    assert apply_patch("", "+one") == "one"


def test_lines_that_are_not_there_are_refused() -> None:
    wanted = "No patch was applied, `one\nthree` did not appear verbatim."
    with pytest.raises(ValueError, match=re.escape(wanted)):
        apply_patch("one\ntwo\nthree", " one\n-three")


def test_lines_that_are_there_twice_are_refused() -> None:
    wanted = (
        "No patch was applied. Multiple occurrences of `one` at lines [1, 3]. "
        "Please add context to make it unique."
    )
    with pytest.raises(ValueError, match=re.escape(wanted)):
        apply_patch("one\ntwo\none", "-one\n+1")


def test_lines_that_are_not_of_a_diff_are_skipped() -> None:
    assert apply_patch("one", "*** Begin Patch\n-one\n+two\n*** End Patch") == "two"


@pytest.mark.parametrize("patch", ["nonsense", "@@ -1 +1 @@"])
def test_a_patch_without_hunks_is_refused(patch: str) -> None:
    with pytest.raises(ValueError, match="No applicable hunks found in patch"):
        apply_patch("one", patch)


@pytest.mark.parametrize("patch", ["", "\n", " one"])
def test_a_patch_without_a_change_is_refused(patch: str) -> None:
    with pytest.raises(ValueError, match="The patch changes nothing"):
        apply_patch("one", patch)
