"""The only assembler: a world and its operations become an ASGI application."""

from functools import cache

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from mockletta.api import (
    agent_blocks,
    agent_messages,
    agents,
    blocks,
    conversation_messages,
    conversations,
    health,
    models,
    runs,
    steps,
    unimplemented,
)
from mockletta.api.pages import pages
from mockletta.brain.decisions import ModelFailure
from mockletta.errors import ApiError
from mockletta.http.dispatch import Dispatcher
from mockletta.http.routing import Router
from mockletta.settings import DEFAULT_MAX_BODY
from mockletta.turns.failures import model_failed
from mockletta.worlds import Worlds

NAMESPACES = (
    health,
    models,
    agents,
    agent_blocks,
    agent_messages,
    blocks,
    conversations,
    conversation_messages,
    runs,
    steps,
    unimplemented,
)
ORIGINS = (
    "https://app.letta.com",
    "http://localhost:3000",
    "http://localhost:4200",
    "http://localhost:8083",
    "http://localhost:8283",
)
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


@cache
def create_router() -> Router:
    """All operations, and the pages that list them; the same for every world."""
    router = Router(namespace.routes for namespace in NAMESPACES)
    refused = frozenset(operation for _, _, operation in unimplemented.OPERATIONS)
    router.include(pages(router, refused))
    return router


def create_app(worlds: Worlds, *, max_body: int = DEFAULT_MAX_BODY) -> ASGIApp:
    """A fake Letta over its worlds. Bodies over `max_body` bytes are refused with a 413.

    The dispatcher renders every error itself: there is no application around it that could.
    """
    return _Origins(Dispatcher(create_router(), worlds, max_body, _model_answer))


def _model_answer(failure: ModelFailure) -> ApiError:
    return model_failed(failure).answer


class _Origins:
    """CORS for requests that have an origin [41 CORS *]; others are not looked at."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._cors = CORSMiddleware(
            app,
            allow_origins=ORIGINS,
            allow_methods=METHODS,
            allow_headers=["*"],
            allow_credentials=True,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_origin = any(name == b"origin" for name, _ in scope["headers"])
        await (self._cors if has_origin else self._app)(scope, receive, send)
