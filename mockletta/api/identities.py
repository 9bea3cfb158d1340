"""Identities, which older SDKs call client.identities."""

from collections.abc import Sequence

from mockletta.api.agents.relations import RelationsQuery, show_agent, show_identity
from mockletta.api.changes import given
from mockletta.api.lists import ListQuery, page_of
from mockletta.errors import ORGANIZATION_ID, ConstraintViolated, RowNotFound
from mockletta.http.path_ids import IdentityId
from mockletta.http.routing import Routes
from mockletta.state.links import Links
from mockletta.state.short_views import ListView
from mockletta.wire.agents import AgentState
from mockletta.wire.base import Body, ProjectId
from mockletta.wire.blocks import Block
from mockletta.wire.identities import (
    Identity,
    IdentityProperty,
    IdentityType,
    SaveIdentity,
    UpdateIdentity,
    UpsertProperties,
)
from mockletta.world.client_headers import Client
from mockletta.world.quirks import UPSERT_ONLY_UPDATES
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/identities")
CHANGED = {"identifier_key", "name", "identity_type", "properties"}


def create_identity(world: World, body: SaveIdentity) -> Identity:
    """A new identity; ConstraintViolated for a key that its project has already."""
    _refuse_key_twice(world, body.identifier_key, body.project_id)
    _refuse_unknown(world, body)
    plain = Identity(
        id=world.ids.new("identity"),
        identifier_key=body.identifier_key,
        name=body.name,
        identity_type=body.identity_type,
        project_id=body.project_id,
        organization_id=ORGANIZATION_ID,
    )
    identity = world.store.identities.add(plain.changed(given(body, {"properties"})))
    _link(world, identity.id, body)
    return identity


def upsert_identity(context: RequestContext, body: SaveIdentity) -> Identity:
    """The identity with a key in its new form, made if there is none."""
    world = context.world
    known = _with_key(world, body.identifier_key, body.project_id)
    if known is not None:
        return update_identity(world, known, body)
    on = UPSERT_ONLY_UPDATES in world.quirks
    other = "a new identity" if on else "a 404"
    context.depends_on(UPSERT_ONLY_UPDATES, other)
    if on:
        raise RowNotFound("Identity", body.identifier_key)
    return create_identity(world, body)


def update_identity(
    world: World, identity: Identity, body: UpdateIdentity | SaveIdentity
) -> Identity:
    """Change an identity; nothing is changed if anything is refused."""
    if body.identifier_key not in (None, identity.identifier_key):
        _refuse_key_twice(world, str(body.identifier_key), identity.project_id)
    _refuse_unknown(world, body)
    _link(world, identity.id, body)
    return world.store.identities.replace(identity.changed(given(body, CHANGED)))


def upsert_properties(
    world: World, identity: Identity, properties: Sequence[IdentityProperty]
) -> Identity:
    """Add properties to an identity's, in the place of those with the same keys."""
    merged = {one.key: one for one in (*identity.properties, *properties)}
    return world.store.identities.replace(identity.changed({"properties": list(merged.values())}))


def delete_identity(world: World, identity: Identity) -> None:
    """Delete an identity; its agents and blocks stay."""
    store = world.store
    store.agent_identities.drop_right(identity.id)
    store.block_identities.drop_right(identity.id)
    store.identities.remove(identity.id)


def known_identities(world: World, ids: Sequence[str] | None) -> None:
    """ConstraintViolated if an agent is to be of identities that there are not [42 *_ids]."""
    unknown = [one for one in ids or () if one not in world.store.identities]
    if unknown:
        raise ConstraintViolated(f"A foreign key constraint was violated: no identities {unknown}")


def is_of(
    world: World, links: Links, row_id: str, identity_id: str | None, keys: Sequence[str] | None
) -> bool:
    """Whether a row is of an identity, and of one that has one of these keys."""
    if identity_id is None and not keys:
        return True
    ids = links.rights(row_id)
    found = {world.store.identities.get(one).identifier_key for one in ids}
    return (identity_id is None or identity_id in ids) and (not keys or bool(found & {*keys}))


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


def _link(world: World, identity_id: str, body: UpdateIdentity | SaveIdentity) -> None:
    store = world.store
    sides = ((store.agent_identities, body.agent_ids), (store.block_identities, body.block_ids))
    for links, ids in sides:
        if ids is not None:
            links.drop_right(identity_id)
            for left in ids:
                links.add(left, identity_id)


class IdentitiesQuery(ListQuery):
    """Newest first by default."""

    name: str | None = None
    project_id: ProjectId = None
    identifier_key: str | None = None
    identity_type: IdentityType | None = None

    def accepts(self, identity: Identity) -> bool:
        wanted = (self.name, self.project_id, self.identifier_key, self.identity_type)
        values = (
            identity.name,
            identity.project_id,
            identity.identifier_key,
            identity.identity_type,
        )
        return all(one is None or one == value for one, value in zip(wanted, values, strict=True))


class CountQuery(Body):
    project_id: ProjectId = None


class IdentityAgentsQuery(ListQuery, RelationsQuery):
    """Newest first by default."""


class IdentityBlocksQuery(ListQuery):
    """Newest first by default."""


@routes.get("/", "identities.list")
def list_identities(
    context: RequestContext, world: World, query: IdentitiesQuery
) -> list[Identity]:
    page = page_of(
        world.store.identities.view(),
        query.page(),
        context=context,
        keep=query.accepts,
    )
    return [show_identity(world, identity) for identity in page]


@routes.post("/", "identities.create")
def create(world: World, body: SaveIdentity) -> Identity:
    return show_identity(world, create_identity(world, body))


@routes.put("/", "identities.upsert")
def upsert(context: RequestContext, world: World, body: SaveIdentity) -> Identity:
    return show_identity(world, upsert_identity(context, body))


@routes.get("/count", "identities.count")
def count(world: World, query: CountQuery) -> int:
    wanted = query.project_id
    return sum(wanted in (None, one.project_id) for one in world.store.identities)


@routes.get("/{identity_id}", "identities.retrieve")
def retrieve(world: World, identity_id: IdentityId) -> Identity:
    return show_identity(world, world.store.identities.get(identity_id))


@routes.patch("/{identity_id}", "identities.update")
def update(world: World, identity_id: IdentityId, body: UpdateIdentity) -> Identity:
    identity = world.store.identities.get(identity_id)
    return show_identity(world, update_identity(world, identity, body))


@routes.delete("/{identity_id}", "identities.delete")
def delete(world: World, identity_id: IdentityId) -> None:
    delete_identity(world, world.store.identities.get(identity_id))


@routes.put("/{identity_id}/properties", "identities.properties.upsert")
def upsert_all(world: World, identity_id: IdentityId, body: UpsertProperties) -> Identity:
    identity = world.store.identities.get(identity_id)
    return show_identity(world, upsert_properties(world, identity, body.root))


@routes.get("/{identity_id}/agents", "identities.agents.list")
def list_agents(
    context: RequestContext,
    world: World,
    client: Client,
    identity_id: IdentityId,
    query: IdentityAgentsQuery,
) -> list[AgentState]:
    identity = world.store.identities.get(identity_id)
    page = page_of(
        ListView(world.store.agents.in_order(world.store.agent_identities.lefts(identity.id))),
        query.page(),
        context=context,
    )
    return [show_agent(context, agent, query.wanted(client)) for agent in page]


@routes.get("/{identity_id}/blocks", "identities.blocks.list")
def list_blocks(
    context: RequestContext, world: World, identity_id: IdentityId, query: IdentityBlocksQuery
) -> list[Block]:
    identity = world.store.identities.get(identity_id)
    return page_of(
        ListView(world.store.blocks.in_order(world.store.block_identities.lefts(identity.id))),
        query.page(),
        context=context,
    )
