"""client.mcp_servers: MCP servers and their tools.

The tools of a server are those that a test declares for it. A server on a host that the setting
`mcp` names is really called. A server with a command is never started.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import Annotated, Any

from mockletta.errors import USER_ID, BadRequest, ConstraintViolated, McpUnreachable, NotFound
from mockletta.http.rendering import NO_CONTENT
from mockletta.http.response_declarations import DeclaredError, DeclaredResponse, NoContent
from mockletta.http.routing import Routes
from mockletta.state.declared_mcp_tools import OfferedTool
from mockletta.tools.mcp_connections import Call, HttpConfig, connected, find_tools, real_call
from mockletta.tools.mcp_tools import (
    HEARTBEAT,
    normalised,
    offer_of,
    own_parameters,
    run_mcp_tool,
    verdict,
)
from mockletta.tools.returns import ToolOutcome
from mockletta.wire.base import Body, Wire
from mockletta.wire.mcp_servers import (
    CreateMcpServer,
    HttpMcpServer,
    McpConfig,
    McpRefresh,
    McpServer,
    MCPServerType,
    SseConfig,
    StdioConfig,
    StdioMcpServer,
    StreamableHttpConfig,
    UpdateMcpServer,
)
from mockletta.wire.tool_requests import RunTool, ToolExecutionResult
from mockletta.wire.tools import MCP_TYPE, Tool
from mockletta.world.world import World

routes = Routes("/v1/mcp-servers")
HEARTBEAT_SCHEMA = {
    "type": "boolean",
    "description": "Whether to go on after this call: true asks for another step.",
}
SOURCE = """\
def {name}(**kwargs):
    raise RuntimeError("This tool runs on its MCP server: the source code kept here is never used")
"""
CONFIGS: Mapping[MCPServerType, type[StdioConfig | SseConfig | StreamableHttpConfig]] = {
    MCPServerType.STDIO: StdioConfig,
    MCPServerType.SSE: SseConfig,
    MCPServerType.STREAMABLE_HTTP: StreamableHttpConfig,
}


def create_mcp_server(
    world: World,
    name: str,
    config: McpConfig,
    *,
    server_id: str | None = None,
    tool_ids: Mapping[str, str] = MappingProxyType({}),
) -> McpServer:
    """Add a server with the tools that are declared for it. A seed file gives ids, those of tools
    by their names."""
    _refuse_name_twice(world, name)
    own_id = server_id or world.ids.new("mcp_server")
    server = McpServer(id=own_id, server_name=name, config=config)
    world.store.mcp_servers.add(server)
    if connected(world, server) is None:
        save_tools(world, server.id, tool_ids, declared_tools(world, server))
    return server


def update_mcp_server(
    world: World, server: McpServer, name: str | None, config: McpConfig
) -> McpServer:
    """Change a server. It keeps its tools, under its new name."""
    if name is not None and name != server.server_name:
        _refuse_name_twice(world, name)
    changes = {"config": config, "server_name": server.server_name if name is None else name}
    changed = world.store.mcp_servers.replace(server.changed(changes))
    for tool in _own_tools(world, server):
        digest = str((tool.metadata_ or {}).get("tool_hash"))
        world.store.tools.replace(tool.changed(_marks(changed, digest)))
    return changed


def found_tools(
    world: World, server: McpServer, use: Callable[[Sequence[OfferedTool]], object]
) -> object:
    """Call `use` with the tools of a server: now with declared ones, later with those of a real
    server. Raises McpUnreachable if it does not answer."""
    config = connected(world, server)
    if config is None:
        return use(declared_tools(world, server))
    return _once_found(world, server.server_name, config, use)


async def _once_found(
    world: World,
    name: str,
    config: HttpConfig,
    use: Callable[[Sequence[OfferedTool]], object],
) -> object:
    found = await find_tools(name, config)
    return world.run(partial(use, found))


def after_first_refresh(world: World, server: McpServer, answer: Callable[[], object]) -> object:
    """Return an answer about a new server, for a real one after its tools are found. It has no
    tools if it does not answer [66 streamable_http to a public name]."""
    config = connected(world, server)
    return answer() if config is None else _once_refreshed(world, server, config, answer)


async def _once_refreshed(
    world: World, server: McpServer, config: HttpConfig, answer: Callable[[], object]
) -> object:
    with suppress(McpUnreachable):
        found = await find_tools(server.server_name, config)
        world.run(partial(save_tools, world, server.id, {}, found))
    return world.run(answer)


def declared_tools(world: World, server: McpServer) -> Sequence[OfferedTool]:
    """Return the tools that are declared for a server."""
    offer = offer_of(world, server)
    return offer.tools if offer else ()


def refresh_mcp_server(world: World, server: McpServer) -> object:
    """Replace a server's tools by those that it has now."""
    return found_tools(world, server, partial(save_tools, world, server.id, {}))


def save_tools(
    world: World, server_id: str, tool_ids: Mapping[str, str], found: Sequence[OfferedTool]
) -> McpRefresh:
    """Replace the tools of a server by those that were found. Raises NotFound if the server is
    gone."""
    server = world.store.mcp_servers.get(server_id)
    offered = {one.name: one for one in found if _is_valid(one)}
    known = {tool.name: tool for tool in _own_tools(world, server)}
    deleted = sorted(known.keys() - offered.keys())
    for name in deleted:
        world.store.delete("tools", known[name].id)
    saved = {name: _save(world, server, one, tool_ids.get(name)) for name, one in offered.items()}
    there = {name: tool for name, tool in saved.items() if tool is not None}
    updated = [name for name, tool in there.items() if name in known and tool != known[name]]
    return McpRefresh(
        deleted=deleted, updated=sorted(updated), added=sorted(there.keys() - known.keys())
    )


def delete_mcp_server(world: World, server: McpServer) -> None:
    """Delete a server and its own tools [69 tools after delete]."""
    for tool in _own_tools(world, server):
        world.store.delete("tools", tool.id)
    world.store.server_tools.drop_left(server.id)
    world.store.mcp_servers.remove(server.id)


def tools_of(world: World, server: McpServer) -> list[Tool]:
    """Return the tools that a server has brought, also those another server has taken over
    since."""
    return world.store.tools.in_order(world.store.server_tools.rights(server.id))


def config_of(body: CreateMcpServer) -> McpConfig:
    """Return the configuration in a request."""
    return CONFIGS[body.config.mcp_server_type](**vars(body.config))


def changed_config(old: McpConfig, body: UpdateMcpServer) -> McpConfig:
    """Return the changed configuration: it replaces the old one, of which only required fields that
    are null stay [66 update config only]."""
    values = vars(body.config)
    shape = CONFIGS[body.config.mcp_server_type]
    kept = vars(old) if isinstance(old, shape) else {}
    needed = [name for name, field in shape.model_fields.items() if field.is_required()]
    new = {name: kept.get(name) if values[name] is None else values[name] for name in needed}
    missing = [name for name, value in new.items() if value is None]
    if missing:
        raise BadRequest(f"A server of another type needs a value for: {', '.join(missing)}")
    return shape(**{**values, **new})


def show_mcp_server(server: McpServer) -> Wire:
    """Return a server as clients see it."""
    shape = StdioMcpServer if isinstance(server.config, StdioConfig) else HttpMcpServer
    values = {**vars(server.config), "id": server.id, "server_name": server.server_name}
    return shape(**{**values, "mcp_server_type": server.config.mcp_server_type.value})


def _refuse_name_twice(world: World, name: str) -> None:
    if any(server.server_name == name for server in world.store.mcp_servers):
        raise ConstraintViolated(
            "A unique constraint was violated for MCPServer. Check your input for duplicates: "
            f"there is a server '{name}' already"
        )


def _own_tools(world: World, server: McpServer) -> list[Tool]:
    """Return a server's tools without those that another server has taken over."""
    owners = world.store.server_tools
    return [tool for tool in tools_of(world, server) if owners.lefts(tool.id)[-1] == server.id]


def _marks(server: McpServer, digest: str) -> dict[str, object]:
    """Return the marks of a tool's server, and the tool's source code."""
    place = {"server_name": server.server_name, "server_id": server.id}
    metadata = {"mcp": place, "tool_hash": digest}
    return {"tags": [f"mcp:{server.server_name}"], "metadata_": metadata}


def _save(world: World, server: McpServer, offered: OfferedTool, own_id: str | None) -> Tool | None:
    """Save an offered tool, as a new one or instead of one with its name; None for the name of a
    base tool."""
    store = world.store
    known = store.tool_named(offered.name)
    if known is not None and known.tool_type not in (MCP_TYPE, "custom"):
        return None
    source = SOURCE.format(name=offered.name)
    values = {
        "tool_type": MCP_TYPE,
        "description": offered.description,
        "source_type": "python",
        "source_code": source,
        "json_schema": _schema(offered),
        "args_json_schema": {},
        "created_by_id": USER_ID,
        "last_updated_by_id": USER_ID,
        **_marks(server, sha256(source.encode()).hexdigest()[:12]),
    }
    if known is None:
        tool_id = own_id or world.ids.new("tool")
        tool = store.tools.add(Tool(id=tool_id, name=offered.name).changed(values))
    else:
        tool = store.tools.replace(known.changed(values))
    if store.server_tools.has(server.id, tool.id):
        store.server_tools.remove(server.id, tool.id)
    store.server_tools.add(server.id, tool.id)
    return tool


def _schema(offered: OfferedTool) -> dict[str, object]:
    """Return a tool's schema for a model: its own parameters and one of the server's [66 tools]."""
    own = _own_schema(offered)
    judged = verdict(own)
    parameters = {
        **own,
        "properties": {**own.get("properties", {}), HEARTBEAT: HEARTBEAT_SCHEMA},
        "required": [*own.get("required", []), HEARTBEAT],
    }
    return {
        "name": offered.name,
        "description": offered.description or "",
        "parameters": parameters,
        "mcp:SCHEMA_STATUS": judged.status,
        "mcp:SCHEMA_WARNINGS": judged.warnings,
    }


def _own_schema(offered: OfferedTool) -> dict[str, Any]:
    """Return the parameters that a server declares; without a declaration there are none."""
    schema: dict[str, Any] = normalised(own_parameters(offered.parameters or {"type": "object"}))
    return schema


def _is_valid(offered: OfferedTool) -> bool:
    return verdict(_own_schema(offered)).status != "INVALID"


Shown = Annotated[Wire, DeclaredResponse(StdioMcpServer | HttpMcpServer)]
ShownLater = Annotated[object, DeclaredResponse(StdioMcpServer | HttpMcpServer)]
Refreshed = Annotated[object, DeclaredResponse(McpRefresh), DeclaredError(502)]
Ran = Annotated[object, DeclaredResponse(ToolExecutionResult)]
AllShown = Annotated[list[Wire], DeclaredResponse(list[StdioMcpServer | HttpMcpServer])]


class RefreshQuery(Body):
    agent_id: str | None = None


@routes.post("/", "mcp_servers.create")
def create(world: World, body: CreateMcpServer) -> ShownLater:
    server = create_mcp_server(world, body.server_name, config_of(body))
    return after_first_refresh(world, server, partial(show_mcp_server, server))


@routes.get("/", "mcp_servers.list")
def list_servers(world: World) -> AllShown:
    """Oldest first, and all of them [66 list]."""
    return [show_mcp_server(server) for server in world.store.mcp_servers]


@routes.get("/{mcp_server_id}", "mcp_servers.retrieve")
def retrieve(world: World, mcp_server_id: str) -> Shown:
    return show_mcp_server(_server(world, mcp_server_id))


@routes.patch("/{mcp_server_id}", "mcp_servers.update")
def update(world: World, mcp_server_id: str, body: UpdateMcpServer) -> Shown:
    server = _server(world, mcp_server_id)
    config = changed_config(server.config, body)
    return show_mcp_server(update_mcp_server(world, server, body.server_name, config))


@routes.delete("/{mcp_server_id}", "mcp_servers.delete")
def delete(world: World, mcp_server_id: str) -> NoContent:
    server = world.store.mcp_servers.find(mcp_server_id)
    if server is None:
        raise BadRequest(f"MCP server with id {mcp_server_id} not found.")
    delete_mcp_server(world, server)
    return NO_CONTENT


@routes.patch("/{mcp_server_id}/refresh", "mcp_servers.refresh")
def refresh(world: World, mcp_server_id: str, query: RefreshQuery) -> Refreshed:
    server = _server(world, mcp_server_id)
    if query.agent_id is not None:
        world.store.agents.get(query.agent_id)
    return refresh_mcp_server(world, server)


@routes.get("/{mcp_server_id}/tools", "mcp_servers.tools.list")
def list_tools(world: World, mcp_server_id: str) -> list[Tool]:
    """List a server's tools. An unknown server has none [66]."""
    server = world.store.mcp_servers.find(mcp_server_id)
    return [] if server is None else tools_of(world, server)


@routes.get("/{mcp_server_id}/tools/{tool_id}", "mcp_servers.tools.retrieve")
def retrieve_tool(world: World, mcp_server_id: str, tool_id: str) -> Tool:
    return _tool(world, mcp_server_id, tool_id)


@routes.post("/{mcp_server_id}/tools/{tool_id}/run", "mcp_servers.tools.run")
def run_tool(world: World, mcp_server_id: str, tool_id: str, body: RunTool | None = None) -> Ran:
    """Run a tool outside of any turn. A failure is its return, too [69 tool run *]."""
    tool = _tool(world, mcp_server_id, tool_id)
    return run_at_server(world, tool, body.args if body else {}, _result)


def run_at_server(
    world: World,
    tool: Tool,
    arguments: Mapping[str, object],
    answer: Callable[[ToolOutcome], object],
) -> object:
    """Run a tool and return the answer about its outcome, later if a real server runs it."""
    there = real_call(world, tool, arguments)
    if there is None:
        return answer(run_mcp_tool(world, tool, arguments))
    return _once_run(there, answer)


async def _once_run(there: Call, answer: Callable[[ToolOutcome], object]) -> object:
    return answer(await there())


def _result(outcome: ToolOutcome) -> ToolExecutionResult:
    return ToolExecutionResult(status=outcome.status, func_return=outcome.text)


def _server(world: World, server_id: str) -> McpServer:
    return world.store.mcp_servers.get(server_id)


def _tool(world: World, server_id: str, tool_id: str) -> Tool:
    """Return a server's tool. For an unknown one the recorded server failed [69 tool unknown]."""
    server = _server(world, server_id)
    if not world.store.server_tools.has(server.id, tool_id):
        raise NotFound(f"Tool with id {tool_id} not found on MCP server {server_id}")
    return world.store.tools.get(tool_id)
