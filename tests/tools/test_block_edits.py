"""The kinds of edits that memory tools return: edits of two kinds are equal if their texts are."""

import pytest

from mockletta.tools.block_edits import (
    AddBlock,
    BlockEdit,
    DeleteBlock,
    RenameBlock,
    SetDescription,
    SetValue,
)
from mockletta.tools.memory_tools import run_memory_tool
from mockletta.wire.memory import Block

BLOCKS = (Block(id="block-1", label="human", value="Line one", limit=100),)


@pytest.mark.parametrize(
    ("arguments", "kinds"),
    [
        ({"command": "create", "path": "notes", "description": "d"}, [AddBlock]),
        ({"command": "insert", "path": "human", "insert_line": 0, "insert_text": "x"}, [SetValue]),
        ({"command": "delete", "path": "human"}, [DeleteBlock]),
        (
            {"command": "rename", "old_path": "human", "new_path": "user", "description": "d"},
            [RenameBlock, SetDescription],
        ),
    ],
)
def test_each_command_returns_edits_of_its_kinds(
    arguments: dict[str, object], kinds: list[type[BlockEdit]]
) -> None:
    outcome = run_memory_tool("memory", arguments, BLOCKS)
    assert [type(edit) for edit in outcome.edits] == kinds


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("memory_insert", {"new_string": "x"}),
        ("memory_replace", {"old_string": "Line one", "new_string": "x"}),
        ("memory_rethink", {"new_memory": "x"}),
        ("core_memory_append", {"content": "x"}),
        ("core_memory_replace", {"old_content": "Line one", "new_content": "x"}),
    ],
)
def test_other_memory_tools_set_a_value(tool: str, arguments: dict[str, object]) -> None:
    outcome = run_memory_tool(tool, {"label": "human", **arguments}, BLOCKS)
    assert [type(edit) for edit in outcome.edits] == [SetValue]
