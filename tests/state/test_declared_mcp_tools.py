"""What is found at MCP servers."""

import pytest

from mockletta.errors import BadSettings
from mockletta.state.declared_mcp_tools import MOST, McpOffer, declare, offer
from mockletta.state.table import Table
from mockletta.state.tool_functions import ToolFunctions


def test_there_are_only_so_many_servers() -> None:
    offers = Table(McpOffer, "MCPOffer")
    for number in range(MOST):
        declare(offers, McpOffer(id=str(number)))

    declare(offers, McpOffer(id="0", command="again"))
    with pytest.raises(BadSettings, match="there are 1000 servers declared already"):
        declare(offers, McpOffer(id="more"))
    assert len(offers) == MOST


def test_a_function_that_can_be_given_anything_is_refused() -> None:
    def anything(**given: object) -> object:
        return given

    functions = ToolFunctions()
    with pytest.raises(BadSettings, match=r"anything\(\) have no JSON schema"):
        offer(Table(McpOffer, "MCPOffer"), functions, "x", [anything], None, None)
    assert functions.find("anything") is None


def test_a_parameter_without_a_type_can_be_anything() -> None:
    def echo(value, times=1):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return value * times

    offers, functions = Table(McpOffer, "MCPOffer"), ToolFunctions()
    offer(offers, functions, "x", [echo], None, None)

    (tool,) = offers.get("x").tools
    assert tool.parameters["required"] == ["value"]
    assert functions.find("echo") is echo
