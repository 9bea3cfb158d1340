"""What a client sends to make, change and ask MCP servers."""

from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from mockletta.wire.base import Body
from mockletta.wire.mcp_servers import MCPServerType

SCHEMES = ("http://", "https://")


def _public(url: str) -> str:
    """The URL of a server on the open net: no other is taken [66 * to a private address]."""
    if not url.startswith(SCHEMES):
        raise ValueError(f"server_url must start with 'http://' or 'https://', got: '{url}'")
    host = urlsplit(url).hostname
    if not host:
        raise ValueError(f"server_url must have a valid host, got: '{url}'")
    try:
        is_public = ip_address(host).is_global
    except ValueError:
        if host == "localhost" or host.endswith(".localhost"):
            raise ValueError(f"Non-public host not allowed: {host}") from None
        return url
    if not is_public:
        raise ValueError(f"Non-public IP not allowed: {host}")
    return url


ServerUrl = Annotated[str, AfterValidator(_public)]


class CreateStdio(Body, extra="forbid"):
    mcp_server_type: Literal[MCPServerType.STDIO] = MCPServerType.STDIO
    command: str
    args: list[str]
    env: dict[str, str] | None = None


class _CreateHttp(Body, extra="forbid"):
    server_url: ServerUrl
    auth_header: str | None = None
    auth_token: str | None = None
    custom_headers: dict[str, str] | None = None


class CreateSse(_CreateHttp):
    mcp_server_type: Literal[MCPServerType.SSE] = MCPServerType.SSE


class CreateStreamableHttp(_CreateHttp):
    mcp_server_type: Literal[MCPServerType.STREAMABLE_HTTP] = MCPServerType.STREAMABLE_HTTP


class CreateMcpServer(Body, extra="forbid"):
    server_name: str
    config: Annotated[
        CreateStdio | CreateSse | CreateStreamableHttp, Field(discriminator="mcp_server_type")
    ]


class UpdateStdio(CreateStdio):
    """Of a change the main fields must be named; null leaves them as they are."""

    command: str | None  # type: ignore[assignment]
    args: list[str] | None  # type: ignore[assignment]


class UpdateSse(CreateSse):
    server_url: ServerUrl | None  # type: ignore[assignment]


class UpdateStreamableHttp(CreateStreamableHttp):
    server_url: ServerUrl | None  # type: ignore[assignment]


class UpdateMcpServer(Body, extra="forbid"):
    server_name: str | None = None
    config: Annotated[
        UpdateStdio | UpdateSse | UpdateStreamableHttp, Field(discriminator="mcp_server_type")
    ]
