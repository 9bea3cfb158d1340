"""The tools that a model is offered. They are converted when a brain reads them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

from mockletta.brain.decisions import ToolSchema
from mockletta.tools.mcp_tools import MCP_TYPE, own_parameters
from mockletta.wire.message_requests import ClientTool
from mockletta.wire.tools import Tool

BASE = "letta_"
NO_PARAMETERS: Mapping[str, object] = {"type": "object", "properties": {}}


class Offers(Sequence[ToolSchema]):
    """An agent's own tools and then those of the client, which take the place of those with the
    same names [77 preview client_tools].
    """

    def __init__(self, attached: Iterable[Tool], of_client: Iterable[ClientTool]) -> None:
        self._attached = attached
        self._of_client = of_client

    @cached_property
    def _schemas(self) -> tuple[ToolSchema, ...]:
        of_client = [_client_schema(tool) for tool in self._of_client]
        replaced = {tool.name for tool in of_client}
        attached = [_schema(tool) for tool in self._attached if tool.name not in replaced]
        return (*attached, *of_client)

    def __len__(self) -> int:
        return len(self._schemas)

    def __iter__(self) -> Iterator[ToolSchema]:
        return iter(self._schemas)

    @overload
    def __getitem__(self, index: int) -> ToolSchema: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ToolSchema]: ...
    def __getitem__(self, index: int | slice) -> ToolSchema | Sequence[ToolSchema]:
        return self._schemas[index]


def _schema(tool: Tool) -> ToolSchema:
    schema = tool.json_schema or {}
    description = tool.description or schema.get("description")
    parameters = schema.get("parameters")
    if tool.tool_type == MCP_TYPE:
        parameters = own_parameters(parameters)
    return ToolSchema(
        tool.name,
        description if isinstance(description, str) else "",
        parameters if isinstance(parameters, dict) else {},
        tool.tool_type.startswith(BASE),
    )


def _client_schema(tool: ClientTool) -> ToolSchema:
    return ToolSchema(tool.name, tool.description or "", tool.parameters or NO_PARAMETERS)
