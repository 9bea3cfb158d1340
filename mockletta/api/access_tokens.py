"""client.access_tokens: tokens for clients that are given no key."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from mockletta.errors import NotFound
from mockletta.http.rendering import Response, created
from mockletta.http.response_declarations import Says
from mockletta.http.routing import Routes
from mockletta.resources.access_tokens import create_access_token, show_access_token
from mockletta.resources.cloud import cloud_only
from mockletta.wire.access_tokens import AccessToken, CreateAccessToken, Token, Tokens
from mockletta.wire.base import Body
from mockletta.world.world import World

routes = Routes("/v1/client-side-access-tokens", gate=cloud_only)
MOST = 10.0**9


class TokensQuery(Body):
    """Oldest first; numbers are the floats that the SDK sends."""

    agent_id: str | None = Field(default=None, alias="agentId")
    limit: float = Field(default=10, ge=0, le=MOST)
    offset: float = Field(default=0, ge=0, le=MOST)

    def accepts(self, token: AccessToken, now: datetime) -> bool:
        is_about = any(one.id == self.agent_id for one in token.policy.data)
        return token.expires_at > now and (self.agent_id is None or is_about)


@routes.post("", "access_tokens.create")
def create(world: World, body: CreateAccessToken) -> Annotated[Response, Says(Token, 201)]:
    return created(show_access_token(create_access_token(world, body)))


@routes.get("", "access_tokens.list")
def list_tokens(world: World, query: TokensQuery) -> Tokens:
    now = world.clock.peek()
    found = [one for one in world.store.access_tokens if query.accepts(one, now)]
    first, limit = int(query.offset), int(query.limit)
    page = found[first : first + limit]
    shown = list(map(show_access_token, page))
    return Tokens(tokens=shown, hasNextPage=len(found) > first + limit)


@routes.delete("/{token}", "access_tokens.delete")
def delete(world: World, token: str) -> dict[str, object]:
    """The SDK reads an object, so one is sent: a 204 is none."""
    if token not in world.store.access_tokens:
        raise NotFound("Access token not found")
    world.store.access_tokens.remove(token)
    return {}
