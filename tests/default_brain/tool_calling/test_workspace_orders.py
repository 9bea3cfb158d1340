"""Everyday orders on files and commands."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from mockletta.brain.decisions import MemoryBlock, ModelCall, ToolSchema
from mockletta.default_brain import DefaultBrain
from mockletta.default_brain.tool_calling.workspace_orders import workspace_orders
from tests.default_brain.asking import user
from tests.default_brain.tool_calling.test_tool_wishes import played, tool_named

ORDERS = yaml.safe_load(
    (Path(__file__).parents[1] / "chats" / "workspace_orders.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("chat", ORDERS["chats"], ids=lambda chat: " ".join(chat["tools"]))
def test_an_order_on_files_goes_to_the_tool_that_does_it(chat: dict[str, Any]) -> None:
    tools = tuple(tool_named(key, ORDERS["tools"]) for key in chat["tools"])
    assert played(chat["turns"], tools) == chat["turns"]


def test_a_file_is_deleted_although_a_block_names_it() -> None:
    blocks = (MemoryBlock("human", "The draft is in hello.txt."),)
    bash = tool_named("Bash", ORDERS["tools"])
    said, tools = [user("delete hello.txt")], ("Bash", "memory_replace")
    call = ModelCall("reply", "mock", "", said, blocks, tools, schemas=[bash])
    assert [one.name for one in DefaultBrain().decide(call).tool_calls] == ["Bash"]


def test_a_tool_that_needs_more_than_is_given_is_not_called() -> None:
    takes = {"properties": {"subject": {"type": "string"}}, "required": ["subject"]}
    call = ModelCall("reply", "mock", "", [], schemas=[ToolSchema("create_task", "", takes)])
    assert workspace_orders("make an empty file a.md", call) == []
