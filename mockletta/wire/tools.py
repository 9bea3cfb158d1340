"""Tools."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from mockletta.wire.base import Wire
from mockletta.wire.fields import lazy

if TYPE_CHECKING:
    from mockletta.wire.tool_requests import PackageRequirement
else:
    PackageRequirement = lazy("wire.tool_requests", "PackageRequirement")

DEFAULT_RETURN_CHAR_LIMIT = 50_000

ToolType = Literal[
    "custom",
    "letta_core",
    "letta_memory_core",
    "letta_multi_agent_core",
    "letta_sleeptime_core",
    "letta_voice_sleeptime_core",
    "letta_builtin",
    "letta_files_core",
    "external_langchain",
    "external_composio",
    "external_mcp",
]
MCP_TYPE: ToolType = "external_mcp"
"""The type of the tools of MCP servers."""


class Tool(Wire):
    """A tool. `metadata_` has the server's spelling [00 tools before any agent].

    `return_char_limit` counts characters.
    """

    id: str
    tool_type: ToolType = "custom"
    description: str | None = None
    source_type: str | None = None
    name: str
    tags: list[str] = []
    source_code: str | None = None
    json_schema: dict[str, object] | None = None
    args_json_schema: dict[str, object] | None = None
    return_char_limit: int = DEFAULT_RETURN_CHAR_LIMIT
    pip_requirements: list[PackageRequirement] | None = None
    npm_requirements: list[PackageRequirement] | None = None
    default_requires_approval: bool | None = None
    enable_parallel_execution: bool | None = False
    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    metadata_: dict[str, object] | None = Field(default_factory=dict)
    project_id: str | None = None
