"""Assembles the ASGI application from its worlds and all operations."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, partial
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from mockletta.api import docs_pages, unimplemented
from mockletta.control.control_access import ControlAccess
from mockletta.control.control_dispatch import CONSOLE, METRICS, PREFIX, ControlDispatcher
from mockletta.errors import Forbidden
from mockletta.hosting.browser_access import LETTA_ORIGINS, BrowserAccess, cross_origin
from mockletta.hosting.dispatch import Begun, Dispatcher
from mockletta.http.rendering import Response
from mockletta.http.responses import error_response, send_response
from mockletta.http.routing import ANY, Router, Routes, begins_with
from mockletta.settings.settings import DEFAULT_HOST, DEFAULT_MAX_BODY
from mockletta.state.garbage_collection import exempt_more, paused_garbage_collection
from mockletta.world.client_headers import read_headers
from mockletta.world.worlds import Worlds

if TYPE_CHECKING:
    from mockletta.world.request_context import RequestContext

OF_AGENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "archival-memory": ("agents.agent_passages",),
        "archives": ("agents.agent_attachments",),
        "context": ("agents.agent_contexts",),
        "core-memory": ("agents.agent_attachments", "agents.agent_contexts"),
        "export": ("exports.export_endpoints",),
        "files": ("agents.agent_files",),
        "folders": ("agents.agent_attachments",),
        "generate": ("agents.agent_contexts",),
        "groups": ("agents.agent_attachments",),
        "identities": ("agents.agent_attachments",),
        "messages": ("messages.agent_messages",),
        "messages/capture": ("agents.agent_contexts",),
        "messages/preview-raw-payload": ("agents.agent_contexts",),
        "reset-messages": ("messages.agent_messages",),
        "schedule": ("cloud.schedules",),
        "sources": ("agents.agent_attachments",),
        "summarize": ("messages.agent_messages",),
        "tools": ("agents.agent_tools",),
    }
)
"""The modules of `api/` with routes below each part of an agent."""
OF_CONVERSATIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cancel": ("runs.cancel_requests",),
        "messages": ("messages.conversation_messages",),
        "messages/preview-raw-payload": ("messages.context_overviews",),
        "stream": ("messages.conversation_messages",),
        "compact": ("messages.conversation_messages",),
    }
)
"""The modules of `api/` with routes below each part of a conversation."""
NAMESPACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "/v1/admin": ("server_info",),
        "/v1/agents": ("agents.agents",),
        "/v1/agents/import": ("exports.export_endpoints",),
        "/v1/agents/messages": ("messages.messages",),
        **{f"/v1/agents/{ANY}/{part}": modules for part, modules in OF_AGENTS.items()},
        "/v1/archives": ("archives",),
        "/v1/auth": ("server_info",),
        "/v1/blocks": ("blocks",),
        "/v1/chat": ("messages.chat_completions",),
        "/v1/client-side-access-tokens": ("cloud.access_tokens",),
        "/v1/conversations": ("conversations",),
        **{
            f"/v1/conversations/{ANY}/{part}": modules for part, modules in OF_CONVERSATIONS.items()
        },
        "/v1/embeddings": ("models",),
        "/v1/folders": ("folders.folder_files",),
        "/v1/environments": ("cloud.environments",),
        "/v1/health": ("server_info",),
        "/v1/groups": ("groups",),
        "/v1/identities": ("identities",),
        "/v1/jobs": ("jobs",),
        "/v1/mcp-servers": ("tools.mcp_servers",),
        "/v1/messages": ("messages.messages", "jobs"),
        "/v1/models": ("models",),
        "/v1/passages": ("passages",),
        "/v1/providers": ("providers",),
        "/v1/ready": ("server_info",),
        "/v1/runs": ("runs.runs",),
        "/v1/sources": ("folders.folder_files",),
        "/v1/steps": ("runs.steps",),
        "/v1/tags": ("tags",),
        "/v1/telemetry": ("runs.steps",),
        "/v1/templates": ("cloud.templates",),
        "/v1/tools": ("tools.tools", "tools.named_mcp_servers"),
    }
)
"""The modules of `api/` with routes below each prefix. They load with the first request to a path
below it. A module with routes below several prefixes is listed at each."""


@cache
def create_router() -> Router:
    """Create the router of all operations and the pages that list them. All worlds share it."""
    elsewhere = unimplemented.routes.where(lambda path: _namespace_of(path) is None)
    below = {prefix: partial(_routes_below, prefix) for prefix in NAMESPACES}
    return Router([elsewhere, docs_pages.routes], below)


def _routes_below(prefix: str) -> Iterator[Routes]:
    with paused_garbage_collection():
        modules = [import_module(f"mockletta.api.{name}") for name in NAMESPACES[prefix]]
        exempt_more()
    for module in (*modules, unimplemented):
        routes: Routes = module.routes
        yield routes.where(lambda path: _namespace_of(path) == prefix)


@cache
def _namespace_of(path: str) -> str | None:
    """Return the longest prefix in NAMESPACES that a path begins with."""
    top = "/".join(path.split("/", 3)[:3])
    if top not in NAMESPACES:
        return None
    near = (prefix for prefix in NAMESPACES if prefix.startswith(top))
    return max((prefix for prefix in near if begins_with(path, prefix)), key=len)


@cache
def create_control_router() -> Router:
    """Create the router of the control API, with the first request to it."""
    from mockletta.control.index import all_routes  # noqa: PLC0415 - few servers are asked

    return Router(all_routes())


def create_app(
    worlds: Worlds,
    *,
    max_body: int = DEFAULT_MAX_BODY,
    admin_token: str | None = None,
    console: bool = True,
    host: str = DEFAULT_HOST,
    allow_host: Collection[str] = (),
    allow_origin: Collection[str] = (),
) -> "Application":
    """Create the application over some worlds. Bodies over `max_body` bytes are answered with 413.

    Clients on other machines need the `admin_token` for the control API. Browsers that ask for `/`
    are sent to the console, unless it is left out. `host` is where the server listens; it also
    answers to `allow_host`, and to pages of `allow_origin`.

    The dispatchers render every error themselves, since no application is around them.
    """
    api = Dispatcher(create_router(), worlds, max_body, _check_token)
    browsers = BrowserAccess(host, allow_host, allow_origin)
    for_browsers = cache(partial(cross_origin, api, [*LETTA_ORIGINS, *allow_origin]))
    access = ControlAccess(admin_token)
    control = ControlDispatcher(
        create_control_router, worlds, access, max_body, api, has_console=console
    )
    return Application(api, for_browsers, control, browsers)


class Application:
    """The API, with CORS for browsers, and the control API, as one ASGI application.

    A server that knows the method `begin` gets most answers of the API without waiting.
    """

    def __init__(
        self,
        api: Dispatcher,
        for_browsers: Callable[[], ASGIApp],
        control: ControlDispatcher,
        browsers: BrowserAccess,
    ) -> None:
        self._browsers = browsers
        self._api = api
        self._for_browsers = for_browsers
        self._control = control

    def begin(self, scope: Scope, body: bytes) -> Begun:
        """Return the answer if it is ready, or else what continues the request."""
        app = self._app_for(scope)
        return self._api.begin(scope, body) if app is self._api else app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app_for(scope)(scope, receive, send)

    def _app_for(self, scope: Scope) -> ASGIApp:
        path = scope["path"]
        if path.startswith(PREFIX) or path == METRICS:
            return self._control
        headers = read_headers(scope["headers"])
        origin = headers.origin
        is_preflight = origin is not None and scope["method"] == "OPTIONS"
        try:
            self._browsers.check(scope, headers.host, None if is_preflight else origin)
        except Forbidden as error:
            return partial(_refuse, error)
        if path == "/" and self._control.has_console and _is_browser(scope):
            return _to_console
        return self._api if origin is None else self._for_browsers()  # [41 CORS *]


def _is_browser(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


async def _to_console(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send_response(Response(307, [(b"location", CONSOLE.encode())], b""), send)


async def _refuse(error: Forbidden, _scope: Scope, _receive: Receive, send: Send) -> None:
    await send_response(error_response(error), send)


def _check_token(context: "RequestContext") -> None:
    from mockletta.api.cloud.access_tokens import check_token  # noqa: PLC0415 - few clients have one

    check_token(context)
