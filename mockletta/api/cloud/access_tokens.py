"""client.access_tokens: tokens for clients without an API key."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from json import loads
from typing import Annotated
from urllib.parse import parse_qsl

from pydantic import Field

from mockletta.api.cloud.cloud_pages import cloud_only
from mockletta.api.resource import given_id
from mockletta.errors import Forbidden, NotFound, Unauthorized
from mockletta.http.credentials import is_token
from mockletta.http.rendering import Response, created
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.http.routing import Routes
from mockletta.wire.base import Body
from mockletta.wire.cloud import (
    Access,
    AccessToken,
    AccessTokens,
    CreateAccessToken,
    Policy,
    Token,
)
from mockletta.wire.fields import TOKEN_PREFIX
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

LIFETIME = timedelta(minutes=5)
READING = "GET"
AGENT = "agent_id"


def _before(context: RequestContext) -> None:
    context.hide_tokens()
    cloud_only(context)


routes = Routes("/v1/client-side-access-tokens", before=_before)


def create_access_token(world: World, body: CreateAccessToken) -> AccessToken:
    """Create a token. Expired tokens are removed."""
    now = world.clock.now()
    for token in list(world.store.access_tokens):
        if token.expires_at <= now:
            world.store.access_tokens.remove(token.id)
    expires = body.expires_at or now + LIFETIME
    token = AccessToken(
        id=given_id(body) or TOKEN_PREFIX + world.ids.uuid(),
        hostname=body.hostname,
        policy=Policy(data=body.policy),
        expires_at=expires if expires.tzinfo else expires.replace(tzinfo=UTC),
    )
    return world.store.access_tokens.add(token)


def show_access_token(token: AccessToken) -> Token:
    """Return a token as clients see it, with its time in JavaScript's format."""
    return Token(
        policy=token.policy,
        token=token.id,
        hostname=token.hostname,
        expiresAt=_spelled(token.expires_at),
    )


def check_token(context: RequestContext) -> None:
    """Check that the access token of a request allows it.

    Raises Unauthorized for an expired token, and Forbidden for anything that its policy does not
    allow. Access to messages covers the agent's own messages, its conversations and its runs.
    Everything else of an agent requires access to the agent. Everything without an agent requires
    an API key.
    """
    world = context.world
    known = world.store.access_tokens.find(next(filter(is_token, context.headers.keys)))
    if known is None or known.expires_at <= world.clock.peek():
        raise Unauthorized
    needed, agents = _access(context.operation, context.method), _agents(context)
    if needed is None or not agents:
        raise Forbidden(f"An access token cannot be used for {context.operation}")
    for agent_id in agents:
        if not any(one.id == agent_id and needed in one.access for one in known.policy.data):
            raise Forbidden(f"The access token does not allow {needed} on {agent_id}")


def _access(operation: str, method: str) -> Access | None:
    room, _, rest = operation.partition(".")
    if room in ("conversations", "runs") or (room == "agents" and rest.startswith("messages.")):
        return "read_messages" if method == READING else "write_messages"
    if room == "agents":
        return "read_agent" if method == READING else "write_agent"
    return None


def _agents(context: RequestContext) -> Collection[str]:
    """Return the agents that a request names. All of them must be allowed."""
    store, params = context.world.store, context.params
    if "agent_id" in params:
        return [params["agent_id"]]
    if "run_id" in params:
        run = store.runs.find(params["run_id"])
        return [run.agent_id] if run else []
    place = params.get("conversation_id", "default")
    conversation = store.conversations.find(place)
    if conversation is not None:
        return [conversation.agent_id]
    return _named_agents(context) if place == "default" else [place]


def _named_agents(context: RequestContext) -> list[str]:
    """Return the agents that the query and the JSON body name."""
    pairs = parse_qsl(context.query_string.decode("latin-1"))
    named = [value for name, value in pairs if name == AGENT]
    try:
        sent = loads(context.body or b"null")
    except (ValueError, RecursionError):
        sent = None
    if isinstance(sent, dict) and isinstance(sent.get(AGENT), str):
        named.append(sent[AGENT])
    return named


def _spelled(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
def create(
    world: World, body: CreateAccessToken
) -> Annotated[Response, DeclaredResponse(Token, 201)]:
    return created(show_access_token(create_access_token(world, body)))


@routes.get("", "access_tokens.list")
def list_tokens(world: World, query: TokensQuery) -> AccessTokens:
    now = world.clock.peek()
    found = [one for one in world.store.access_tokens if query.accepts(one, now)]
    first, limit = int(query.offset), int(query.limit)
    page = found[first : first + limit]
    shown = list(map(show_access_token, page))
    return AccessTokens(tokens=shown, hasNextPage=len(found) > first + limit)


@routes.delete("/{token}", "access_tokens.delete")
def delete(world: World, token: str) -> dict[str, object]:
    """Delete a token. The answer is an empty object, not a 204, since the SDK reads one."""
    if token not in world.store.access_tokens:
        raise NotFound("Access token not found")
    world.store.access_tokens.remove(token)
    return {}
