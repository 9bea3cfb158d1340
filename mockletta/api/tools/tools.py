"""client.tools: tools, attached or not."""

from hashlib import sha256
from typing import Annotated, get_args

from pydantic import field_validator

from mockletta.api.lists import Among, Contains, IsExactly, Keep, ListQuery, Meets, page_of
from mockletta.api.passages import find_tools, refuse_search
from mockletta.api.path_ids import ToolId
from mockletta.api.resource import Resource, given, new_id, stamped
from mockletta.catalogue.base_tools import tools_by_name
from mockletta.errors import BadRequest, ConstraintViolated
from mockletta.search.slices import Sliced
from mockletta.state.clock import spell_date
from mockletta.tools.custom_tools import run_custom_tool
from mockletta.tools.schemas.source_schemas import derive_schema
from mockletta.wire.message_content import ToolReturn
from mockletta.wire.messages import ToolReturnMessage
from mockletta.wire.searches import ToolMatch, ToolSearch
from mockletta.wire.tool_requests import (
    CodeInput,
    CreateTool,
    RunFromSource,
    ToolSource,
    UpdateTool,
)
from mockletta.wire.tools import Tool, ToolType
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

tools = Resource[Tool]("tools", "/v1/tools", Tool, tool_id=ToolId)
routes = tools.routes
SOURCE_TYPES = {"python", "typescript", "json"}
NO_ID = "null"


def _is_ours(tool: Tool) -> bool:
    return tool.tool_type.startswith("letta_")


class ToolsQuery(ListQuery):
    """Newest first. Several ids or types can be one value, separated by commas."""

    name: Annotated[str | None, IsExactly("name")] = None
    names: Annotated[list[str] | None, Among("name")] = None
    tool_ids: Annotated[list[str] | None, Among("id")] = None
    search: Annotated[str | None, Contains("name")] = None
    tool_types: Annotated[list[str] | None, Among("tool_type")] = None
    exclude_tool_types: Annotated[
        list[str] | None, Meets(lambda tool, types: tool.tool_type not in types)
    ] = None
    return_only_letta_tools: Annotated[
        bool | None, Meets(lambda tool, only: _is_ours(tool) or not only)
    ] = None

    @field_validator("tool_ids", "tool_types", "exclude_tool_types")
    @classmethod
    def _separate(cls, values: list[str]) -> list[str]:
        parts = [part.strip() for value in values for part in value.split(",")]
        return [part for part in parts if part]

    def keeps(self, world: World) -> Keep | None:
        """Refuse unknown types [62 list tool_types bad]."""
        known = get_args(ToolType)
        for name in (*(self.tool_types or ()), *(self.exclude_tool_types or ())):
            if name not in known:
                raise BadRequest(f"Invalid tool_type '{name}'. Must be one of: {', '.join(known)}")
        return super().keeps(world)


class ToolCountQuery(ToolsQuery):
    exclude_letta_tools: Annotated[
        bool | None, Meets(lambda tool, exclude: not (_is_ours(tool) and exclude))
    ] = None


@routes.get("/", "tools.list")
def list_tools(context: RequestContext, query: ToolsQuery) -> list[Tool]:
    """List tools. Deleted base tools are added again, except for a page after a cursor."""
    if query.after is None:
        add_base_tools(context.world)
    return page_of(context, context.world.store.tools, query)


tools.counts(ToolCountQuery)


@tools.creates
def create_tool(world: World, body: CreateTool) -> Tool:
    return save_tool(world, body)


def save_tool(world: World, body: ToolSource) -> Tool:
    """Create a tool, or change the one that has its name [62 same name again, 70 upsert: *].

    What is not sent becomes the default again, except for the tags.
    """
    schema = _schema_of(body)
    derived: dict[str, object] = {
        "json_schema": schema,
        "description": body.description or schema.get("description"),
        "metadata_": {"tool_hash": _digest(body)},
    }
    values = given(body, Tool)
    known = world.store.tool_named(str(schema["name"]))
    if known is not None:
        reset = {name: getattr(body, name) for name in ToolSource.model_fields}
        kept = {"tags": body.tags or known.tags, "args_json_schema": body.args_json_schema or {}}
        return world.store.tools.replace(known.changed(reset | kept | derived))
    values = {"name": str(schema["name"]), "args_json_schema": {}, **values, **derived}
    return world.store.tools.add(stamped(world, Tool, id=new_id(world, body, "tool"), **values))


@tools.upserts
def upsert_tool(context: RequestContext, body: CreateTool) -> Tool:
    return save_tool(context.world, body)


@routes.post("/search", "tools.search")
def search(context: RequestContext, body: ToolSearch) -> Sliced[list[ToolMatch]]:
    refuse_search(
        context,
        "Tool semantic search requires tool embedding to be enabled (embed_tools=True).",
    )
    return find_tools(context.world, body)


@routes.post("/add-base-tools", "tools.add_base_tools")
def add_base_tools(world: World) -> list[Tool]:
    """Return the server's own tools. Deleted ones are added again [62 add-base-tools]."""
    known = {tool.name: tool for tool in world.store.tools if tool.tool_type != "custom"}
    return [
        known.get(name) or world.store.tools.add(tool.make(world.ids.new("tool")))
        for name, tool in tools_by_name().items()
    ]


@routes.post("/run", "tools.run")
def run(world: World, body: RunFromSource) -> ToolReturnMessage:
    """Try a tool. Its code is not run: a registered function or a stand-in answers.

    There are no ids of a real call [62 run from source].
    """
    tool = save_tool(world.copy(), body.as_tool())
    function = world.functions.find(tool.name)
    outcome = run_custom_tool(tool, function, body.args, body.env_vars or {})
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


@routes.post("/generate-schema", "tools.generate_schema")
def generate_schema(world: World, body: CodeInput) -> dict[str, object]:
    """Return the schema of a tool with this source [62 generate-schema]."""
    tool = ToolSource(source_code=body.code, source_type=body.source_type or "python")
    return save_tool(world.copy(), tool).json_schema or {}


tools.retrieves()


@tools.updates
def update_tool(world: World, tool: Tool, body: UpdateTool) -> Tool:
    """Update a tool. A new source leaves the schema unchanged.

    A new schema renames the tool, and a schema of the arguments creates a new one. Without
    `enable_parallel_execution` it becomes false [62 update *, 70 PATCH *].
    """
    changes: dict[str, object] = {"enable_parallel_execution": bool(body.enable_parallel_execution)}
    if body.json_schema:
        changes["name"] = _new_name(world, tool, body)
    elif body.args_json_schema:
        source = body.source_code or tool.source_code or ""
        derived = derive_schema(source, body.args_json_schema)
        changes["json_schema"] = derived | {"name": tool.name}
    if body.source_code is not None:
        _refuse_other_function(tool, body, str(changes.get("name", tool.name)))
    return tools.change(world, tool, body, **changes)


tools.deletes(unknown=lambda tool_id: BadRequest(f"Tool with id {tool_id} not found."))


def _new_name(world: World, tool: Tool, body: UpdateTool) -> str:
    name = (body.json_schema or {}).get("name") or tool.name
    if not isinstance(name, str):
        raise BadRequest("The name in the json_schema of a tool must be a text.")
    if name != tool.name and world.store.tool_named(name) is not None:
        raise ConstraintViolated(f"A unique constraint was violated: there is a tool '{name}'")
    return name


def _refuse_other_function(tool: Tool, body: UpdateTool, name: str) -> None:
    """Refuse a new source without a function of the tool's name."""
    is_typescript = (body.source_type or tool.source_type) == "typescript"
    if f"{'function' if is_typescript else 'def'} {name}" not in (body.source_code or ""):
        schema_name = (body.json_schema or tool.json_schema or {}).get("name")
        raise BadRequest(
            f"Tool name '{name}' does not match the name in the JSON schema '{schema_name}' or in "
            f"the source code `{body.source_code}`"
        )


def _digest(body: ToolSource) -> str:
    """Return the hash of what a tool runs: its source, its language and its packages."""
    packages = (("pip", body.pip_requirements), ("npm", body.npm_requirements))
    needs = ";".join(f"{kind}:{required}" for kind, required in packages if required)
    parts = (body.source_code, body.source_type, needs)
    return sha256("|".join(parts).encode()).hexdigest()[:12]


def _schema_of(body: ToolSource) -> dict[str, object]:
    if not body.source_code:
        raise BadRequest("Custom tool is missing source_code field.")
    if body.source_type not in SOURCE_TYPES:
        raise BadRequest(f"Unknown tool source type: {body.source_type}")
    if body.json_schema:
        return _checked(body.json_schema)
    if body.source_type == "typescript":
        raise BadRequest("TypeScript tools require a json_schema.")
    return derive_schema(body.source_code, body.args_json_schema)


def _checked(schema: dict[str, object]) -> dict[str, object]:
    """Check a given schema, whose name and description become the tool's."""
    name, description = schema.get("name"), schema.get("description")
    if not isinstance(name, str) or not name:
        raise ConstraintViolated("The json_schema of a tool must have a name.")
    if description is not None and not isinstance(description, str):
        raise BadRequest("The description in the json_schema of a tool must be a text.")
    return schema
