"""The declared MCP servers of a world."""

from pydantic import Field

from mockletta.control.control_dispatch import PREFIX
from mockletta.errors import NotFound
from mockletta.http.routing import Routes
from mockletta.script.text_patterns import Written
from mockletta.state.declared_mcp_tools import MOST, McpOffer, OfferedTool, declare
from mockletta.wire.base import Body, Wire
from mockletta.world.world import World

routes = Routes(f"{PREFIX}/mcp-servers")


class DeclaredServer(Wire):
    """A declared MCP server, identified by its name, its URL or its command."""

    name: str
    url: str | None
    command: str | None
    tools: list[OfferedTool]


class DeclaredServers(Wire):
    mcp_servers: list[DeclaredServer]


class DeclareServer(Body, extra="forbid"):
    name: Written = Field(min_length=1)
    url: str | None = None
    command: str | None = None
    tools: list[OfferedTool] = Field(default_factory=list, max_length=MOST)


class ServerQuery(Wire):
    name: str | None = None


@routes.get("", "control.mcp_servers.list")
def list_servers(world: World) -> DeclaredServers:
    """List the declared MCP servers with their tools."""
    return DeclaredServers(mcp_servers=list(map(_shown, world.store.mcp_offers)))


@routes.put("", "control.mcp_servers.declare")
def declare_server(world: World, body: DeclareServer) -> DeclaredServer:
    """Declare the tools of an MCP server, and what they return."""
    made = McpOffer(id=body.name, url=body.url, command=body.command, tools=body.tools)
    return _shown(declare(world.store.mcp_offers, made))


@routes.delete("", "control.mcp_servers.delete")
def delete_servers(world: World, query: ServerQuery) -> DeclaredServers:
    """Remove the declared MCP server with a `name`, or all of them."""
    offers = world.store.mcp_offers
    if query.name is not None and query.name not in offers:
        raise NotFound(f"No MCP server '{query.name}' is declared")
    for name in [one.id for one in offers] if query.name is None else [query.name]:
        offers.remove(name)
    return list_servers(world)


def _shown(offer: McpOffer) -> DeclaredServer:
    return DeclaredServer(name=offer.id, url=offer.url, command=offer.command, tools=offer.tools)
