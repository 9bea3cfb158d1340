"""client.access_tokens: tokens for clients that are given no key."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Protocol

from pydantic import Field

from mockletta.api.cloud.requests import cloud_only
from mockletta.errors import ApiError, NotFound, Unauthorized
from mockletta.http.rendering import Response, created
from mockletta.http.response_declarations import Says
from mockletta.http.routing import Routes
from mockletta.wire.access_tokens import (
    Access,
    AccessToken,
    CreateAccessToken,
    Policy,
    Token,
    Tokens,
)
from mockletta.wire.base import Body
from mockletta.wire.ids import TOKEN_PREFIX
from mockletta.world.world import World

routes = Routes("/v1/client-side-access-tokens", gate=cloud_only)
LIFETIME = timedelta(minutes=5)
READING = "GET"
OPEN = frozenset({"health"})


class Forbidden(ApiError):
    """403 for what a token's policy does not allow."""

    status = 403


class Asked(Protocol):
    """What is asked for; `named` are the agents of query and body."""

    @property
    def operation(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def params(self) -> Mapping[str, str]: ...
    @property
    def named(self) -> Collection[str]: ...


def create_access_token(world: World, body: CreateAccessToken) -> AccessToken:
    """A new token; those that have expired are forgotten."""
    now = world.clock.now()
    for token in list(world.store.access_tokens):
        if token.expires_at <= now:
            world.store.access_tokens.remove(token.id)
    expires = body.expires_at or now + LIFETIME
    token = AccessToken(
        id=TOKEN_PREFIX + world.ids.uuid(),
        hostname=body.hostname,
        policy=Policy(data=body.policy),
        expires_at=expires if expires.tzinfo else expires.replace(tzinfo=UTC),
    )
    return world.store.access_tokens.add(token)


def show_access_token(token: AccessToken) -> Token:
    """A token as clients are shown it, with its time as JavaScript writes it."""
    return Token(
        policy=token.policy,
        token=token.id,
        hostname=token.hostname,
        expiresAt=_spelled(token.expires_at),
    )


def check_token(world: World, token: str, asked: Asked) -> None:
    """Unauthorized for a token that has expired, Forbidden for what its policy does not allow.

    Messages are those of the agent itself, of its conversations and its runs; what else there is
    of an agent is the agent. Anything that is of no agent needs a key.
    """
    if asked.operation in OPEN:
        return
    known = world.store.access_tokens.find(token)
    if known is None or known.expires_at <= world.clock.peek():
        raise Unauthorized
    needed, agents = _access(asked.operation, asked.method), _agents(world, asked)
    if needed is None or not agents:
        raise Forbidden(f"An access token cannot be used for {asked.operation}")
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


def _agents(world: World, asked: Asked) -> Collection[str]:
    """The agents that a request is about: of those it names itself, all must be allowed."""
    store, params = world.store, asked.params
    if "agent_id" in params:
        return [params["agent_id"]]
    if "run_id" in params:
        run = store.runs.find(params["run_id"])
        return [run.agent_id] if run else []
    place = params.get("conversation_id", "default")
    conversation = store.conversations.find(place)
    if conversation is not None:
        return [conversation.agent_id]
    return asked.named if place == "default" else [place]


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
