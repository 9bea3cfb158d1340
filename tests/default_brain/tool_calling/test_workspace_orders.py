"""Everyday orders on files and commands."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.default_brain.tool_calling.test_tool_wishes import played, tool_named

ORDERS = yaml.safe_load(
    (Path(__file__).parents[1] / "chats" / "workspace_orders.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("chat", ORDERS["chats"], ids=lambda chat: " ".join(chat["tools"]))
def test_an_order_on_files_goes_to_the_tool_that_does_it(chat: dict[str, Any]) -> None:
    tools = tuple(tool_named(key, ORDERS["tools"]) for key in chat["tools"])
    assert played(chat["turns"], tools) == chat["turns"]
