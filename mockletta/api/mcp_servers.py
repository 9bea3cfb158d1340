"""client.mcp_servers: MCP servers and their tools. None is ever connected to or started."""

from typing import Annotated

from mockletta.errors import BadRequest, NotFound
from mockletta.http.rendering import NO_CONTENT
from mockletta.http.response_declarations import NoContent, Says
from mockletta.http.routing import Routes
from mockletta.resources.mcp_servers import (
    changed_config,
    config_of,
    create_mcp_server,
    delete_mcp_server,
    refresh_mcp_server,
    show_mcp_server,
    tools_of,
    update_mcp_server,
)
from mockletta.tools.mcp_tools import run_mcp_tool
from mockletta.wire.base import Body, Wire
from mockletta.wire.mcp_server_requests import CreateMcpServer, UpdateMcpServer
from mockletta.wire.mcp_servers import HttpMcpServer, McpRefresh, McpServer, StdioMcpServer
from mockletta.wire.tool_requests import RunTool
from mockletta.wire.tools import Tool, ToolExecutionResult
from mockletta.world.world import World

routes = Routes("/v1/mcp-servers")


Shown = Annotated[Wire, Says(StdioMcpServer | HttpMcpServer)]
AllShown = Annotated[list[Wire], Says(list[StdioMcpServer | HttpMcpServer])]


class RefreshQuery(Body):
    agent_id: str | None = None


@routes.post("/", "mcp_servers.create")
def create(world: World, body: CreateMcpServer) -> Shown:
    return show_mcp_server(create_mcp_server(world, body.server_name, config_of(body)))


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
def refresh(world: World, mcp_server_id: str, query: RefreshQuery) -> McpRefresh:
    server = _server(world, mcp_server_id)
    if query.agent_id is not None:
        world.store.agents.get(query.agent_id)
    return refresh_mcp_server(world, server)


@routes.get("/{mcp_server_id}/tools", "mcp_servers.tools.list")
def list_tools(world: World, mcp_server_id: str) -> list[Tool]:
    return tools_of(world, _server(world, mcp_server_id))


@routes.get("/{mcp_server_id}/tools/{tool_id}", "mcp_servers.tools.retrieve")
def retrieve_tool(world: World, mcp_server_id: str, tool_id: str) -> Tool:
    return _tool(world, mcp_server_id, tool_id)


@routes.post("/{mcp_server_id}/tools/{tool_id}/run", "mcp_servers.tools.run")
def run_tool(
    world: World, mcp_server_id: str, tool_id: str, body: RunTool | None = None
) -> ToolExecutionResult:
    """Run a tool outside of any turn; what it failed with is its return, too [69 tool run *]."""
    tool = _tool(world, mcp_server_id, tool_id)
    outcome = run_mcp_tool(world, tool, body.args if body else {})
    return ToolExecutionResult(status=outcome.status, func_return=outcome.text)


def _server(world: World, server_id: str) -> McpServer:
    return world.store.mcp_servers.get(server_id)


def _tool(world: World, server_id: str, tool_id: str) -> Tool:
    """A server's tool; where there is none the recorded server broke [69 tool unknown]."""
    server = _server(world, server_id)
    if not world.store.server_tools.has(server.id, tool_id):
        raise NotFound(f"Tool with id {tool_id} not found on MCP server {server_id}")
    return world.store.tools.get(tool_id)
