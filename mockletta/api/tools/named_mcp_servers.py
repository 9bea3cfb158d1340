"""MCP servers by their names, at the older routes below /v1/tools/mcp."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from pydantic import Field

from mockletta.api.tools.mcp_servers import (
    after_first_refresh,
    create_mcp_server,
    delete_mcp_server,
    found_tools,
    refresh_mcp_server,
    run_at_server,
    save_tools,
    tools_of,
    update_mcp_server,
)
from mockletta.errors import NotFound, Unprocessable
from mockletta.http.response_declarations import DeclaredError, DeclaredResponse
from mockletta.http.routing import Routes
from mockletta.state.declared_mcp_tools import OfferedTool
from mockletta.tools.returns import ToolOutcome
from mockletta.wire.base import Body, Wire
from mockletta.wire.fields import SecretText, SecretTexts
from mockletta.wire.mcp_servers import (
    HttpServerConfig,
    McpConfig,
    McpRefresh,
    McpServer,
    MCPServerType,
    McpTool,
    ServerUrl,
    SseConfig,
    StdioConfig,
    StdioServerConfig,
    StreamableHttpConfig,
)
from mockletta.wire.tools import Tool
from mockletta.world.world import World

routes = Routes("/v1/tools/mcp/servers")


class ServerFields(Body):
    """The fields of a server, which determine its type if it is not given."""

    server_name: str | None = None
    type: MCPServerType | None = None
    command: str | None = None
    args: list[str] = []
    env: SecretTexts | None = None
    server_url: ServerUrl | None = None
    auth_header: str | None = None
    auth_token: SecretText | None = None
    custom_headers: SecretTexts | None = None
    stdio_config: "ServerFields | None" = None

    def config(self) -> McpConfig | None:
        """Return the configuration; None if the fields do not form one."""
        if self.stdio_config is not None:
            return self.stdio_config.config()
        if self.command is None and self.server_url is None:
            return None
        if self.command is not None:
            return StdioConfig(command=self.command, args=self.args, env=self.env)
        assert self.server_url is not None
        shape = SseConfig if self.type is MCPServerType.SSE else StreamableHttpConfig
        return shape(
            server_url=self.server_url,
            auth_header=self.auth_header,
            auth_token=self.auth_token,
            custom_headers=self.custom_headers,
        )


class NamedServer(ServerFields):
    server_name: str


class ServerChange(ServerFields, extra="forbid"):
    """A change to a server."""


class ExecuteTool(Body):
    args: dict[str, object] = Field(default_factory=dict)


Shown = Annotated[Wire, DeclaredResponse(StdioServerConfig | HttpServerConfig)]
AllByName = Annotated[
    dict[str, object], DeclaredResponse(dict[str, StdioServerConfig | HttpServerConfig])
]
AllShown = Annotated[list[Wire], DeclaredResponse(list[StdioServerConfig | HttpServerConfig])]
AllShownLater = Annotated[object, DeclaredResponse(list[StdioServerConfig | HttpServerConfig])]
Refreshed = Annotated[object, DeclaredResponse(McpRefresh), DeclaredError(502)]
Listed = Annotated[object, DeclaredResponse(list[McpTool]), DeclaredError(502)]
Added = Annotated[object, DeclaredResponse(Tool), DeclaredError(502)]
Ran = Annotated[object, DeclaredResponse(dict[str, object])]
Tested = Annotated[object, DeclaredResponse(dict[str, object]), DeclaredError(502)]


@routes.get("", "tools.mcp_servers.list")
def list_servers(world: World) -> AllByName:
    return {
        server.server_name: _shown(server).model_dump(mode="json")
        for server in world.store.mcp_servers
    }


@routes.put("", "tools.mcp_servers.create")
def create(world: World, body: NamedServer) -> AllShownLater:
    server = create_mcp_server(world, body.server_name, _config(body))
    return after_first_refresh(world, server, partial(_all_shown, world))


@routes.post("/test", "tools.mcp_servers.test")
def test(world: World, body: NamedServer) -> Tested:
    """Return the tools that would be found; the server is not stored."""
    server = McpServer(id="", server_name=body.server_name, config=_config(body))
    return found_tools(world, server, _tested)


@routes.patch("/{mcp_server_name}", "tools.mcp_servers.update")
def update(world: World, mcp_server_name: str, body: ServerChange) -> Shown:
    server = _server(world, mcp_server_name)
    config = body.config() or server.config
    return _shown(update_mcp_server(world, server, body.server_name, config))


@routes.delete("/{mcp_server_name}", "tools.mcp_servers.delete")
def delete(world: World, mcp_server_name: str) -> AllShown:
    delete_mcp_server(world, _server(world, mcp_server_name))
    return _all_shown(world)


@routes.post("/{mcp_server_name}/resync", "tools.mcp_servers.refresh")
def refresh(world: World, mcp_server_name: str) -> Refreshed:
    return refresh_mcp_server(world, _server(world, mcp_server_name))


@routes.get("/{mcp_server_name}/tools", "tools.mcp_servers.tools.list")
def list_tools(world: World, mcp_server_name: str) -> Listed:
    """Return the tools that a server has now, in MCP's own form."""
    return found_tools(world, _server(world, mcp_server_name), _as_mcp)


@routes.post("/{mcp_server_name}/{mcp_tool_name}", "tools.mcp_servers.tools.add")
def add_tool(world: World, mcp_server_name: str, mcp_tool_name: str) -> Added:
    """Add a tool of a server. The server's tools are updated first."""
    server = _server(world, mcp_server_name)

    def add(found: Sequence[OfferedTool]) -> Tool:
        save_tools(world, server.id, {}, found)
        return _tool(world, server, mcp_tool_name)

    return found_tools(world, server, add)


@routes.post("/{mcp_server_name}/tools/{tool_name}/execute", "tools.mcp_servers.tools.run")
def run_tool(world: World, mcp_server_name: str, tool_name: str, body: ExecuteTool) -> Ran:
    tool = _tool(world, _server(world, mcp_server_name), tool_name)
    return run_at_server(world, tool, body.args, _result)


def _result(outcome: ToolOutcome) -> dict[str, object]:
    return {"result": outcome.text, "success": outcome.status == "success"}


def _tested(found: Sequence[OfferedTool]) -> dict[str, object]:
    tools = [one.model_dump(mode="json", by_alias=True) for one in _as_mcp(found)]
    return {"status": "success", "tools": tools}


def _all_shown(world: World) -> list[Wire]:
    return list(map(_shown, world.store.mcp_servers))


def _config(body: NamedServer) -> McpConfig:
    config = body.config()
    if config is None:
        raise Unprocessable("A server needs a command or a server_url")
    return config


def _server(world: World, name: str) -> McpServer:
    for server in world.store.mcp_servers:
        if server.server_name == name:
            return server
    raise NotFound(f"MCP server with name {name} not found")


def _as_mcp(found: Sequence[OfferedTool]) -> list[McpTool]:
    return [
        McpTool(name=one.name, description=one.description, inputSchema=dict(one.parameters))
        for one in found
    ]


def _tool(world: World, server: McpServer, name: str) -> Tool:
    for tool in tools_of(world, server):
        if tool.name == name:
            return tool
    raise NotFound(f"Tool {name} not found on MCP server {server.server_name}")


def _shown(server: McpServer) -> Wire:
    values = {**vars(server.config), "server_name": server.server_name}
    kind = values.pop("mcp_server_type").value
    shape = StdioServerConfig if isinstance(server.config, StdioConfig) else HttpServerConfig
    return shape.model_validate({**values, "type": kind})
