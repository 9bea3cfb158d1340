"""Identities, which older SDKs call client.identities."""

from mockletta.api.lists import ListQuery, page_of
from mockletta.api.relations import RelationsQuery
from mockletta.http.client_headers import Client
from mockletta.http.path_ids import IdentityId
from mockletta.http.routing import Routes
from mockletta.resources.agents import show_agent
from mockletta.resources.identities import (
    create_identity,
    delete_identity,
    show_identity,
    update_identity,
    upsert_identity,
    upsert_properties,
)
from mockletta.state.short_views import ListView
from mockletta.wire.agents import AgentState
from mockletta.wire.base import Body, ProjectId
from mockletta.wire.blocks import Block
from mockletta.wire.identities import (
    Identity,
    IdentityType,
    SaveIdentity,
    UpdateIdentity,
    UpsertProperties,
)
from mockletta.world.world import World

routes = Routes("/v1/identities")


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
def list_identities(world: World, query: IdentitiesQuery) -> list[Identity]:
    page = page_of(
        world.store.identities.view(),
        query.page(),
        quirks=world.quirks,
        operation="identities.list",
        keep=query.accepts,
    )
    return [show_identity(world, identity) for identity in page]


@routes.post("/", "identities.create")
def create(world: World, body: SaveIdentity) -> Identity:
    return show_identity(world, create_identity(world, body))


@routes.put("/", "identities.upsert")
def upsert(world: World, body: SaveIdentity) -> Identity:
    return show_identity(world, upsert_identity(world, body))


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
    world: World, client: Client, identity_id: IdentityId, query: IdentityAgentsQuery
) -> list[AgentState]:
    identity = world.store.identities.get(identity_id)
    page = page_of(
        ListView(world.store.agents.in_order(world.store.agent_identities.lefts(identity.id))),
        query.page(),
        quirks=world.quirks,
        operation="identities.agents.list",
    )
    return [show_agent(world, agent, query.wanted(client)) for agent in page]


@routes.get("/{identity_id}/blocks", "identities.blocks.list")
def list_blocks(world: World, identity_id: IdentityId, query: IdentityBlocksQuery) -> list[Block]:
    identity = world.store.identities.get(identity_id)
    return page_of(
        ListView(world.store.blocks.in_order(world.store.block_identities.lefts(identity.id))),
        query.page(),
        quirks=world.quirks,
        operation="identities.blocks.list",
    )
