"""The only user and organization, which own everything, and signing in."""

from datetime import datetime
from typing import Annotated

from mockletta.errors import ORGANIZATION_ID, USER_ID
from mockletta.http.rendering import Rendered, render
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.http.routing import Routes
from mockletta.wire.base import Body, Wire
from mockletta.wire.fields import Limit, SecretText
from mockletta.world.world import World

routes = Routes("/v1")
SERVER_VERSION = "0.16.7"


class Health(Wire):
    version: str
    status: str


IsHealthy = Annotated[Rendered, DeclaredResponse(Health)]
_HEALTHY = Rendered(render({"version": SERVER_VERSION, "status": "ok"}))
"""Rendered without its shape: to build the first shape takes 8 ms, and clients wait for this
answer."""


@routes.get("/health/", "health")
def health(world: World) -> IsHealthy:  # noqa: ARG001
    return _HEALTHY


@routes.get("/ready/", "ready")
def ready(world: World) -> IsHealthy:  # noqa: ARG001
    return _HEALTHY


class User(Wire):
    id: str = USER_ID
    organization_id: str = ORGANIZATION_ID
    name: str = "default_user"
    created_at: datetime | None = None
    updated_at: datetime | None = None
    is_deleted: bool = False


class Organization(Wire):
    id: str = ORGANIZATION_ID
    name: str = "default_org"
    created_at: datetime | None = None
    privileged_tools: bool = False


class SignedIn(Wire):
    uuid: str
    is_admin: bool | None = None


class AdminQuery(Body):
    """A page after a cursor: there is at most one row."""

    after: str | None = None
    limit: Limit | None = 50


class SignIn(Body):
    password: SecretText | None = None


@routes.get("/admin/users/", "admin.users.list")
def list_users(world: World, query: AdminQuery) -> list[User]:  # noqa: ARG001
    return [] if query.after or query.limit == 0 else [User()]


@routes.get("/admin/orgs/", "admin.orgs.list")
def list_organizations(world: World, query: AdminQuery) -> list[Organization]:  # noqa: ARG001
    return [] if query.after or query.limit == 0 else [Organization()]


@routes.post("/auth", "auth")
def sign_in(world: World, body: SignIn) -> SignedIn:  # noqa: ARG001
    """Sign in. Every valid sign-in is the only user; the recorded server failed here [67 auth]."""
    return SignedIn(uuid=USER_ID.removeprefix("user-"), is_admin=True)
