"""client.tools: tools, attached or not."""

from typing import get_args

from pydantic import field_validator

from mockletta.api.lists import ListQuery, page_of
from mockletta.errors import BadRequest
from mockletta.http.path_ids import ToolId
from mockletta.http.routing import Routes
from mockletta.resources.searches import find_tools, refuse_search
from mockletta.resources.tool_trials import add_base_tools, schema_of, try_tool
from mockletta.resources.tools import save_tool, update_tool
from mockletta.wire.messages import ToolReturnMessage
from mockletta.wire.searches import ToolMatch, ToolSearch
from mockletta.wire.tool_requests import CodeInput, CreateTool, RunFromSource, UpdateTool
from mockletta.wire.tools import Tool, ToolType
from mockletta.world.world import World

routes = Routes("/v1/tools")


class ToolsQuery(ListQuery):
    """Newest first by default; `search` finds a part of a name."""

    name: str | None = None
    names: list[str] | None = None
    tool_ids: list[str] | None = None
    search: str | None = None
    tool_types: list[str] | None = None
    exclude_tool_types: list[str] | None = None
    return_only_letta_tools: bool | None = None
    exclude_letta_tools: bool | None = None

    @field_validator("tool_ids", "tool_types", "exclude_tool_types")
    @classmethod
    def _separated(cls, values: list[str]) -> list[str]:
        """Several values can stand in one, with commas between."""
        parts = [part.strip() for value in values for part in value.split(",")]
        return [part for part in parts if part]

    def accepts(self, tool: Tool) -> bool:
        is_ours = tool.tool_type.startswith("letta_")
        return (
            (self.name is None or tool.name == self.name)
            and (not self.names or tool.name in self.names)
            and (not self.tool_ids or tool.id in self.tool_ids)
            and (not self.search or self.search.lower() in tool.name.lower())
            and (not self.tool_types or tool.tool_type in self.tool_types)
            and tool.tool_type not in (self.exclude_tool_types or ())
            and (is_ours or not self.return_only_letta_tools)
            and not (is_ours and self.exclude_letta_tools)
        )

    def check(self) -> None:
        """BadRequest for a type that there is not [62 list tool_types bad]."""
        known = get_args(ToolType)
        for name in (*(self.tool_types or ()), *(self.exclude_tool_types or ())):
            if name not in known:
                raise BadRequest(f"Invalid tool_type '{name}'. Must be one of: {', '.join(known)}")


@routes.get("/", "tools.list")
def list_tools(world: World, query: ToolsQuery) -> list[Tool]:
    query.check()
    return page_of(
        world.store.tools.view(),
        query.page(),
        quirks=world.quirks,
        operation="tools.list",
        keep=query.accepts,
    )


@routes.get("/count", "tools.count")
def count(world: World, query: ToolsQuery) -> int:
    return len(list_tools(world, query.model_copy(update={"limit": None})))


@routes.post("/", "tools.create")
def create(world: World, body: CreateTool) -> Tool:
    return save_tool(world, body)


@routes.put("/", "tools.upsert")
def upsert(world: World, body: CreateTool) -> Tool:
    return save_tool(world, body)


@routes.post("/search", "tools.search")
def search(world: World, body: ToolSearch) -> list[ToolMatch]:
    refuse_search(
        world,
        "tools.search",
        "Tool semantic search requires tool embedding to be enabled (embed_tools=True).",
    )
    return find_tools(world, body)


@routes.post("/add-base-tools", "tools.add_base_tools")
def restore_base_tools(world: World) -> list[Tool]:
    return add_base_tools(world)


@routes.post("/run", "tools.run")
def run(world: World, body: RunFromSource) -> ToolReturnMessage:
    return try_tool(world, body)


@routes.post("/generate-schema", "tools.generate_schema")
def generate_schema(world: World, body: CodeInput) -> dict[str, object]:
    return schema_of(world, body)


@routes.get("/{tool_id}", "tools.retrieve")
def retrieve(world: World, tool_id: ToolId) -> Tool:
    return world.store.tools.get(tool_id)


@routes.patch("/{tool_id}", "tools.update")
def update(world: World, tool_id: ToolId, body: UpdateTool) -> Tool:
    return update_tool(world, world.store.tools.get(tool_id), body)


@routes.delete("/{tool_id}", "tools.delete")
def delete(world: World, tool_id: ToolId) -> None:
    if tool_id not in world.store.tools:
        raise BadRequest(f"Tool with id {tool_id} not found.")
    world.store.delete_tool(tool_id)
