"""The base tools, which every server has from the start [00 tools before any agent]."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from mockletta.documents.packaged_data import DATA
from mockletta.errors import USER_ID
from mockletta.wire.tools import Tool, ToolType


class BaseTool(NamedTuple):
    """A base tool without its id, which differs between servers."""

    name: str
    tool_type: ToolType
    enable_parallel_execution: bool
    description: str
    parameters: dict[str, object]

    def make(self, tool_id: str) -> Tool:
        """Return the tool in its shape on the wire, with its own copy of the schema."""
        return Tool(
            id=tool_id,
            tool_type=self.tool_type,
            description=self.description,
            source_type="python",
            name=self.name,
            tags=[self.tool_type],
            json_schema=self._json_schema(),
            enable_parallel_execution=self.enable_parallel_execution,
            created_by_id=USER_ID,
            last_updated_by_id=USER_ID,
        )

    def _json_schema(self) -> dict[str, object]:
        parameters = json.loads(json.dumps(self.parameters))
        return {"name": self.name, "description": self.description, "parameters": parameters}


@cache
def tools_by_name() -> Mapping[str, BaseTool]:
    """Read the base tools from the package's data, once."""
    data = (DATA / "base_tools.json").read_bytes()
    rows: list[dict[str, Any]] = json.loads(data)
    return MappingProxyType({row["name"]: BaseTool(**row) for row in rows})


def make_base_tools(ids: Sequence[str]) -> list[Tool]:
    """Create the base tools of a new world, one for each id."""
    tools = tools_by_name().values()
    return [tool.make(tool_id) for tool, tool_id in zip(tools, ids, strict=True)]
