"""Connections to real MCP servers over HTTP, on hosts that the setting `mcp` names.

A server with a command is never started. Redirects stay on the server's origin, and proxies of the
environment are not used, so no other host is reached. The package `mcp` is required.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from mockletta.errors import McpUnreachable
from mockletta.http.host_names import includes_host
from mockletta.state.declared_mcp_tools import MOST, OfferedTool
from mockletta.tools.custom_tools import message_of, sendable
from mockletta.tools.mcp_tools import HEARTBEAT, failed, offer_of
from mockletta.tools.returns import ToolOutcome
from mockletta.wire.mcp_servers import McpServer, SseConfig, StdioConfig, StreamableHttpConfig
from mockletta.wire.tools import Tool
from mockletta.world.world import World

SECONDS = 10.0
"""The seconds that listing tools or one call may take."""
NO_CONTENT = "Empty response from tool"
logger = logging.getLogger("mockletta")
HttpConfig = SseConfig | StreamableHttpConfig
Call = Callable[[], Awaitable[ToolOutcome]]


def connected(world: World, server: McpServer) -> HttpConfig | None:
    """Return the configuration of a server to connect to. None if a test declares its tools, or if
    its host is not allowed."""
    config = server.config
    if isinstance(config, StdioConfig) or offer_of(world, server) is not None:
        return None
    host = urlsplit(config.server_url).hostname or ""
    return config if includes_host(world.mcp_hosts, host) else None


def real_call(world: World, tool: Tool, arguments: Mapping[str, object]) -> Call | None:
    """Return a function that calls an MCP tool at its real server. None if there is no such server,
    or if a test registered a function for the tool."""
    if world.functions.find(tool.name) is not None:
        return None
    owners = world.store.server_tools.lefts(tool.id)
    config = connected(world, world.store.mcp_servers.get(owners[-1])) if owners else None
    if config is None:
        return None
    given = {name: value for name, value in arguments.items() if name != HEARTBEAT}
    return lambda: _call(config, tool.name, given)


async def find_tools(server_name: str, config: HttpConfig) -> list[OfferedTool]:
    """List the tools of a server, at most MOST. Raises McpUnreachable."""
    try:
        async with _client(config) as client:
            return await _all_tools(client)
    except Exception as error:
        why = f"Failed to list the tools of MCP server {server_name}: {_reason(error)}"
        logger.warning(why)
        raise McpUnreachable(why) from error


async def _all_tools(client: Any) -> list[OfferedTool]:  # noqa: ANN401 - the package has no types here
    found: list[OfferedTool] = []
    cursor: str | None = None
    while len(found) < MOST:
        page = await client.list_tools(cursor=cursor)
        for tool in page.tools[: MOST - len(found)]:
            parameters = dict(tool.input_schema)
            found.append(
                OfferedTool(name=tool.name, description=tool.description, parameters=parameters)
            )
        cursor = page.next_cursor
        if cursor is None:
            break
    return found


async def _call(config: HttpConfig, name: str, arguments: dict[str, object]) -> ToolOutcome:
    """Make a call. Every failure becomes the return of the tool, as on the server."""
    try:
        async with _client(config) as client:
            result = await client.call_tool(name, arguments)
    except Exception as error:  # noqa: BLE001 - the model is shown it
        return failed(name, _reason(error))
    parts = [getattr(part, "text", None) or str(part) for part in result.content]
    text = sendable(" ".join(parts) or NO_CONTENT)
    return ToolOutcome(text, "error") if result.is_error else ToolOutcome(text)


@asynccontextmanager
async def _client(config: HttpConfig) -> AsyncIterator[Any]:
    """Connect to a server for the block, which may take SECONDS."""
    from mcp import Client  # noqa: PLC0415 - few servers connect to any

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(asyncio.timeout(SECONDS))
        http = _http_client(config)
        if isinstance(config, SseConfig):
            from mcp.client.sse import sse_client  # noqa: PLC0415

            transport = sse_client(config.server_url, httpx_client_factory=lambda **_: http)
        else:
            from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415

            await stack.enter_async_context(http)
            transport = streamable_http_client(config.server_url, http_client=http)
        yield await stack.enter_async_context(Client(transport))


def _http_client(config: HttpConfig) -> Any:  # noqa: ANN401 - the package has no types here
    """Create a client without a time limit of its own: `_client` limits all that it does, and only
    its error says so."""
    import httpx2  # noqa: PLC0415 - it comes with `mcp`

    headers = dict(config.custom_headers or {})
    if config.auth_token is not None:
        headers[config.auth_header or "Authorization"] = config.auth_token
    return httpx2.AsyncClient(headers=headers, timeout=None, trust_env=False)


def _reason(error: Exception) -> str:
    """Describe an error by its first cause."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, TimeoutError):
        return f"no answer within {SECONDS:g} seconds"
    return message_of(error) or type(error).__name__
