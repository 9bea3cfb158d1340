"""client.tools: tools, attached or not."""

from hashlib import sha256
from typing import get_args

from pydantic import field_validator

from mockletta.api.changes import given
from mockletta.api.lists import ListQuery, page_of
from mockletta.api.searches import find_tools, refuse_search
from mockletta.catalogue.base_tools import tools_by_name
from mockletta.errors import USER_ID, BadRequest
from mockletta.http.path_ids import ToolId
from mockletta.http.routing import Routes
from mockletta.state.clock import spell_date
from mockletta.tools.custom_tools import run_custom_tool
from mockletta.tools.schemas.derivation import derive_schema
from mockletta.wire.messages import ToolReturn, ToolReturnMessage
from mockletta.wire.searches import ToolMatch, ToolSearch
from mockletta.wire.tools import CodeInput, CreateTool, RunFromSource, Tool, ToolType, UpdateTool
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/tools")
SOURCE_TYPES = {"python", "typescript", "json"}
FIELDS = {
    "description",
    "tags",
    "source_code",
    "source_type",
    "json_schema",
    "args_json_schema",
    "return_char_limit",
    "pip_requirements",
    "npm_requirements",
    "default_requires_approval",
    "enable_parallel_execution",
    "metadata_",
    "project_id",
}


def save_tool(world: World, body: CreateTool) -> Tool:
    """A new tool, or a change to the one that has its name already [62 same name again]."""
    schema = _schema_of(body)
    name, description = str(schema["name"]), schema.get("description")
    digest = sha256(body.source_code.encode()).hexdigest()[:12]
    derived = {
        "json_schema": schema,
        "description": body.description or description,
        "metadata_": {"tool_hash": digest},
    }
    known = world.store.tool_named(name)
    if known is not None:
        changes = given(body, FIELDS & body.model_fields_set) | derived
        return world.store.tools.replace(known.changed(changes))
    plain = Tool(
        id=world.ids.new("tool"),
        name=name,
        args_json_schema={},
        created_by_id=USER_ID,
        last_updated_by_id=USER_ID,
    )
    return world.store.tools.add(plain.changed(given(body, FIELDS) | derived))


def update_tool(world: World, tool: Tool, body: UpdateTool) -> Tool:
    """Change a tool; its name and its schema stay unless a schema is given [62 update *]."""
    return world.store.tools.replace(tool.changed(given(body, FIELDS)))


def _schema_of(body: CreateTool) -> dict[str, object]:
    if not body.source_code:
        raise BadRequest("Custom tool is missing source_code field.")
    if body.source_type not in SOURCE_TYPES:
        raise BadRequest(f"Unknown tool source type: {body.source_type}")
    if body.json_schema is not None:
        return _checked(body.json_schema)
    if body.source_type == "typescript":
        raise BadRequest("TypeScript tools require a json_schema.")
    return derive_schema(body.source_code, body.args_json_schema)


def _checked(schema: dict[str, object]) -> dict[str, object]:
    """A schema that was given: its name and its description become the tool's."""
    name, description = schema.get("name"), schema.get("description")
    if not isinstance(name, str) or not name:
        raise BadRequest("The json_schema of a tool must have a name.")
    if description is not None and not isinstance(description, str):
        raise BadRequest("The description in the json_schema of a tool must be a text.")
    return schema


NO_ID = "null"


def add_base_tools(world: World) -> list[Tool]:
    """The server's own tools, those that were deleted among them again [62 add-base-tools]."""
    known = {tool.name: tool for tool in world.store.tools if tool.tool_type != "custom"}
    return [
        known.get(name) or world.store.tools.add(tool.make(world.ids.new("tool")))
        for name, tool in tools_by_name().items()
    ]


def try_tool(world: World, body: RunFromSource) -> ToolReturnMessage:
    """How a call of a tool would end: its code is not run, a function of yours or a stand-in
    answers. Of the ids of a real call there are none [62 run from source]."""
    tool = save_tool(world.copy(), body.as_tool())
    outcome = run_custom_tool(tool, world.functions.find(tool.name), body.args)
    returned = ToolReturn(
        tool_return=outcome.text,
        status=outcome.status,
        tool_call_id=NO_ID,
        stdout=list(outcome.stdout) if outcome.stdout else None,
        stderr=list(outcome.stderr) if outcome.stderr else None,
    )
    return ToolReturnMessage(
        id=NO_ID,
        date=spell_date(world.clock.now()),
        name=tool.name,
        tool_return=outcome.text,
        status=outcome.status,
        tool_call_id=NO_ID,
        stdout=returned.stdout,
        stderr=returned.stderr,
        tool_returns=[returned],
    )


def schema_of(world: World, body: CodeInput) -> dict[str, object]:
    """The schema that a tool of this source would have [62 generate-schema]."""
    tool = CreateTool(source_code=body.code, source_type=body.source_type or "python")
    return save_tool(world.copy(), tool).json_schema or {}


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
def list_tools(context: RequestContext, world: World, query: ToolsQuery) -> list[Tool]:
    query.check()
    return page_of(
        world.store.tools.view(),
        query.page(),
        context=context,
        keep=query.accepts,
    )


@routes.get("/count", "tools.count")
def count(context: RequestContext, world: World, query: ToolsQuery) -> int:
    return len(list_tools(context, world, query.model_copy(update={"limit": None})))


@routes.post("/", "tools.create")
def create(world: World, body: CreateTool) -> Tool:
    return save_tool(world, body)


@routes.put("/", "tools.upsert")
def upsert(world: World, body: CreateTool) -> Tool:
    return save_tool(world, body)


@routes.post("/search", "tools.search")
def search(context: RequestContext, world: World, body: ToolSearch) -> list[ToolMatch]:
    refuse_search(
        context,
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
