"""The only assembler: a world and its operations become an ASGI application."""

from functools import cache
from operator import itemgetter

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from mockletta.api import (
    agent_archives,
    agent_blocks,
    agent_messages,
    agent_passages,
    agent_tools,
    agents,
    archives,
    blocks,
    conversation_messages,
    conversations,
    embeddings,
    exports,
    health,
    mcp_servers,
    messages,
    models,
    passages,
    runs,
    steps,
    tags,
    telemetry,
    tools,
    tools_mcp,
    unimplemented,
)
from mockletta.api.pages import pages
from mockletta.brain.decisions import ModelFailure
from mockletta.errors import ApiError
from mockletta.http.control import PREFIX, ControlDispatcher
from mockletta.http.dispatch import Dispatcher
from mockletta.http.guard import Guard
from mockletta.http.routing import Router
from mockletta.settings import DEFAULT_MAX_BODY
from mockletta.turns.failures import model_failed
from mockletta.worlds import Worlds

NAMESPACES = (
    health,
    models,
    agents,
    agent_archives,
    agent_blocks,
    agent_messages,
    agent_passages,
    agent_tools,
    exports,
    archives,
    blocks,
    conversations,
    conversation_messages,
    embeddings,
    messages,
    passages,
    runs,
    steps,
    tags,
    telemetry,
    tools,
    tools_mcp,
    mcp_servers,
    unimplemented,
)
ORIGINS = (
    "https://app.letta.com",
    "http://localhost:3000",
    "http://localhost:4200",
    "http://localhost:8083",
    "http://localhost:8283",
)
_NAME = itemgetter(0)
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


@cache
def create_router() -> Router:
    """All operations, and the pages that list them; the same for every world."""
    router = Router(namespace.routes for namespace in NAMESPACES)
    refused = frozenset(operation for _, _, operation in unimplemented.OPERATIONS)
    router.include(pages(router, refused))
    return router


@cache
def create_control_router() -> Router:
    """All operations of the control API; loaded when the first is asked for."""
    from mockletta.control.index import all_routes  # noqa: PLC0415 - few servers are asked

    return Router(all_routes())


def create_app(
    worlds: Worlds, *, max_body: int = DEFAULT_MAX_BODY, admin_token: str | None = None
) -> ASGIApp:
    """A fake Letta over its worlds. Bodies over `max_body` bytes are refused with a 413.

    The dispatchers render every error themselves: there is no application around them that could.
    Clients on other machines need the `admin_token` for the control API.
    """
    api = Dispatcher(create_router(), worlds, max_body, _model_answer)
    cross_origin = CORSMiddleware(
        api,
        allow_origins=ORIGINS,
        allow_methods=METHODS,
        allow_headers=["*"],
        allow_credentials=True,
    )
    control = ControlDispatcher(create_control_router, worlds, Guard(admin_token), max_body)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked: ASGIApp = api
        if scope["path"].startswith(PREFIX):
            asked = control
        elif b"origin" in map(_NAME, scope["headers"]):  # CORS only looks at those [41 CORS *]
            asked = cross_origin
        await asked(scope, receive, send)

    return app


def _model_answer(failure: ModelFailure) -> ApiError:
    return model_failed(failure).answer
