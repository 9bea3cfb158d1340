"""MCP servers: the configuration of each kind, and how they are returned."""

from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo

from mockletta.wire.base import Body, Wire
from mockletta.wire.fields import SecretText, SecretTexts


class MCPServerType(StrEnum):
    """The kinds of MCP servers. It is an enum with the server's name, since its 422 names it
    [66]."""

    STDIO = "stdio"
    SSE = "sse"
    STREAMABLE_HTTP = "streamable_http"


class StdioConfig(Wire):
    """The command of a server. It is never started."""

    mcp_server_type: Literal[MCPServerType.STDIO] = MCPServerType.STDIO
    command: str
    args: list[str]
    env: SecretTexts | None = None


class _HttpConfig(Wire):
    server_url: str
    auth_header: str | None = None
    auth_token: SecretText | None = None
    custom_headers: SecretTexts | None = None


class SseConfig(_HttpConfig):
    mcp_server_type: Literal[MCPServerType.SSE] = MCPServerType.SSE


class StreamableHttpConfig(_HttpConfig):
    mcp_server_type: Literal[MCPServerType.STREAMABLE_HTTP] = MCPServerType.STREAMABLE_HTTP


McpConfig = Annotated[
    StdioConfig | SseConfig | StreamableHttpConfig, Field(discriminator="mcp_server_type")
]


class McpServer(Wire):
    """An MCP server as it is stored."""

    id: str
    server_name: str
    config: McpConfig


class StdioMcpServer(Wire):
    mcp_server_type: Literal["stdio"] = "stdio"
    command: str
    args: list[str]
    env: SecretTexts | None = None
    id: str
    server_name: str


class HttpMcpServer(Wire):
    mcp_server_type: Literal["sse", "streamable_http"]
    server_url: str
    auth_header: str | None = None
    auth_token: SecretText | None = None
    custom_headers: SecretTexts | None = None
    id: str
    server_name: str


class McpRefresh(Wire):
    """The changes of a refresh, by the names of tools [66 refresh]."""

    deleted: list[str]
    updated: list[str]
    added: list[str]


class McpTool(Wire):
    """A tool as its MCP server lists it, with MCP's names."""

    name: str
    title: str | None = None
    description: str | None = None
    inputSchema: dict[str, object]  # noqa: N815 - MCP's name
    outputSchema: dict[str, object] | None = None  # noqa: N815
    annotations: dict[str, object] | None = None
    meta: dict[str, object] | None = Field(default=None, alias="_meta")
    health: dict[str, object] | None = None


class StdioServerConfig(Wire):
    """A server in the form of the older routes below /v1/tools/mcp."""

    server_name: str
    type: Literal["stdio"] = "stdio"
    command: str
    args: list[str]
    env: SecretTexts | None = None


class HttpServerConfig(Wire):
    server_name: str
    type: Literal["sse", "streamable_http"]
    server_url: str
    auth_header: str | None = None
    auth_token: SecretText | None = None
    custom_headers: SecretTexts | None = None


SCHEMES = ("http://", "https://")


INTERNAL_HOSTS = {"localhost", "metadata", "metadata.google.internal", "instance-data"}
INTERNAL_SUFFIXES = (".localhost", ".local", ".svc", ".cluster.local")


def _is_internal(host: str) -> bool:
    name = host.rstrip(".")
    return name in INTERNAL_HOSTS or name.endswith(INTERNAL_SUFFIXES)


def _public(url: str, info: ValidationInfo) -> str:
    """Refuse a URL that is not on the public internet [66 * to a private address]. The context of
    the validation tells which other hosts are allowed."""
    if not url.strip():
        raise ValueError("server_url cannot be empty")
    if not url.startswith(SCHEMES):
        raise ValueError(f"server_url must start with 'http://' or 'https://', got: '{url}'")
    host = urlsplit(url).hostname
    if not host:
        raise ValueError(f"server_url must have a valid host, got: '{url}'")
    if info.context is not None and info.context(host):
        return url
    try:
        is_public = ip_address(host).is_global
    except ValueError:
        if _is_internal(host):
            raise ValueError(f"Blocked internal hostname: {host}") from None
        return url
    if not is_public:
        raise ValueError(f"Non-public IP not allowed: {host}")
    return url


ServerUrl = Annotated[str, AfterValidator(_public)]


class CreateStdio(Body, extra="forbid"):
    mcp_server_type: Literal[MCPServerType.STDIO] = MCPServerType.STDIO
    command: str
    args: list[str]
    env: SecretTexts | None = None


class _CreateHttp(Body, extra="forbid"):
    server_url: ServerUrl
    auth_header: str | None = None
    auth_token: SecretText | None = None
    custom_headers: SecretTexts | None = None


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
    """A change of a server. The main fields are required; null changes nothing."""

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
