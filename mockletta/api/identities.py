"""Identities, client.identities of older SDKs: the users of agents and blocks."""

from typing import Annotated, ClassVar

from pydantic import RootModel

from mockletta.api.agents.related_agents import RelatedAgentsQuery, page_of_agents
from mockletta.api.lists import Conditions, Contains, ListQuery, page_of
from mockletta.api.path_ids import IdentityId
from mockletta.api.resource import Resource, given, new_id, stamped
from mockletta.errors import ACTOR, ORGANIZATION_ID, ConstraintViolated, NotFound
from mockletta.wire.agents import AgentState
from mockletta.wire.base import ProjectId
from mockletta.wire.identities import (
    Identity,
    IdentityType,
    Properties,
    SaveIdentity,
    UpdateIdentity,
)
from mockletta.wire.memory import Block
from mockletta.world.quirks import UPSERT_ONLY_UPDATES
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

identities = Resource[Identity](
    "identities",
    "/v1/identities",
    Identity,
    identity_id=IdentityId,
)
routes = identities.routes
UNKNOWN_KEY = (
    "Identity not found with identifier_key='{key}', project_id='{project}', "
    f"organization_id='{ORGANIZATION_ID}', access level in ['read'] for actor='{ACTOR}"
)


class IdentitiesQuery(ListQuery):
    """`name` is a part of the name in any case [79 list *]."""

    zero_is_all: ClassVar[bool] = True
    unknown_cursor: ClassVar[str] = "Identity"

    name: Annotated[str | None, Contains("name")] = None
    project_id: ProjectId = None
    identifier_key: str | None = None
    identity_type: IdentityType | None = None


class IdentityCountQuery(Conditions):
    project_id: ProjectId = None


class AgentsOfIdentityQuery(RelatedAgentsQuery):
    unknown_cursor: ClassVar[str] = "Agent"


class BlocksOfIdentityQuery(ListQuery):
    unknown_cursor: ClassVar[str] = "Block"


class UpsertProperties(RootModel[Properties]):
    """The new properties of an identity."""


identities.lists(IdentitiesQuery)


@identities.creates
def create_identity(world: World, body: SaveIdentity) -> Identity:
    """Create an identity. A key that exists in its project is refused."""
    _refuse_key_twice(world, body.identifier_key, body.project_id)
    _refuse_unknown(world, body)
    values = given(body, Identity, "agent_ids", "block_ids")
    identity = stamped(world, Identity, id=new_id(world, body, "identity"), **values)
    _link(world, identity.id, body)
    return world.store.identities.add(identity)


@identities.upserts
def upsert_identity(context: RequestContext, body: SaveIdentity) -> Identity:
    """Update the identity that has the key, or create one."""
    world = context.world
    known = _with_key(world, body.identifier_key, body.project_id)
    if known is not None:
        return _update(world, known, body)
    on = UPSERT_ONLY_UPDATES in world.quirks
    other = "a new identity" if on else "a 404"
    context.depends_on(UPSERT_ONLY_UPDATES, other)
    if on:
        raise NotFound(UNKNOWN_KEY.format(key=body.identifier_key, project=body.project_id))
    return create_identity(world, body)


identities.counts(IdentityCountQuery)
identities.retrieves()


@identities.updates
def update_identity(world: World, identity: Identity, body: UpdateIdentity) -> Identity:
    """Update an identity. Nothing changes if anything is refused.

    Agents, blocks and properties are added to the present ones. A property replaces the one with
    its key [79 PATCH *].
    """
    if body.properties is not None:
        merged = {one.key: one for one in (*identity.properties, *body.properties)}
        body = body.model_copy(update={"properties": list(merged.values())})
    return _update(world, identity, body, replace=False)


identities.deletes()


def _update(
    world: World, identity: Identity, body: UpdateIdentity | SaveIdentity, *, replace: bool = True
) -> Identity:
    if body.identifier_key not in (None, identity.identifier_key):
        _refuse_key_twice(world, str(body.identifier_key), identity.project_id)
    _refuse_unknown(world, body)
    _link(world, identity.id, body, replace=replace)
    return identities.change(world, identity, body, agent_ids=[], block_ids=[])


@routes.put("/{identity_id}/properties", "identities.properties.upsert")
def upsert_properties(world: World, identity_id: IdentityId, body: UpsertProperties) -> Identity:
    """Replace all properties [79 properties *]."""
    identity = world.store.identities.get(identity_id)
    changed = identity.changed({"properties": list(body.root)})
    return world.store.identities.replace(changed)


@routes.get("/{identity_id}/agents", "identities.agents.list")
def list_agents(
    context: RequestContext, identity_id: IdentityId, query: AgentsOfIdentityQuery
) -> list[AgentState]:
    store = context.world.store
    agent_ids = store.agent_identities.lefts(store.identities.get(identity_id).id)
    return page_of_agents(context, agent_ids, query, query.wanted(context.client))


@routes.get("/{identity_id}/blocks", "identities.blocks.list")
def list_blocks(
    context: RequestContext, identity_id: IdentityId, query: BlocksOfIdentityQuery
) -> list[Block]:
    store = context.world.store
    block_ids = store.block_identities.lefts(store.identities.get(identity_id).id)
    return page_of(context, store.blocks.in_order(block_ids), query, cursors=store.blocks)


def _with_key(world: World, key: str, project_id: str | None) -> Identity | None:
    for identity in world.store.identities:
        if (identity.identifier_key, identity.project_id) == (key, project_id):
            return identity
    return None


def _refuse_key_twice(world: World, key: str, project_id: str | None) -> None:
    if _with_key(world, key, project_id) is not None:
        raise ConstraintViolated(
            f"A unique constraint was violated: there is an identity with the key '{key}' already"
        )


def _refuse_unknown(world: World, body: UpdateIdentity | SaveIdentity) -> None:
    store = world.store
    agents = [one for one in body.agent_ids or () if one not in store.agents]
    blocks = [one for one in body.block_ids or () if one not in store.blocks]
    if agents or blocks:
        missing = ", ".join((*agents, *blocks))
        raise ConstraintViolated(f"A foreign key constraint was violated: there is no {missing}")


def _link(
    world: World, identity_id: str, body: UpdateIdentity | SaveIdentity, *, replace: bool = True
) -> None:
    store = world.store
    sides = ((store.agent_identities, body.agent_ids), (store.block_identities, body.block_ids))
    for links, ids in sides:
        if ids is not None and replace:
            links.drop_right(identity_id)
        for left in ids or ():
            links.add(left, identity_id)
