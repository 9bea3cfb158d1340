"""client.blocks: memory blocks, attached or not."""

from typing import Annotated

from pydantic import StringConstraints

from mockletta.api.agents.relations import RelationsQuery, show_agent
from mockletta.api.changes import given
from mockletta.api.identities import is_of
from mockletta.api.lists import ListQuery, has_tags, page_of
from mockletta.errors import USER_ID, ConstraintViolated, NotFound
from mockletta.http.path_ids import BlockId
from mockletta.http.routing import Routes
from mockletta.state.paging import Order
from mockletta.state.short_views import ListView
from mockletta.turns.system_prompt import DESCRIPTIONS
from mockletta.wire.agents import AgentState
from mockletta.wire.base import ProjectId
from mockletta.wire.blocks import Block, CreateBlock, UpdateBlock
from mockletta.world.quirks import UNKNOWN_BLOCKS
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/blocks")
CREATED = set(Block.model_fields) - {"id", "value", "created_by_id", "last_updated_by_id"}


def create_block(
    world: World,
    body: CreateBlock,
    *,
    for_agent: bool = False,
    block_id: str | None = None,
    project_id: str | None = None,
) -> Block:
    """A new block; human and persona of an agent get a description if they have none [54, 50]. Its
    project is its agent's if it names none."""
    values = {"project_id": project_id, **given(body, CREATED)}
    if for_agent:
        values.setdefault("description", DESCRIPTIONS.get(body.label))
    plain = Block(id=block_id or world.ids.new("block"), label=body.label, value=body.value or "")
    return world.store.blocks.add(plain.changed(values))


def update_block(world: World, block: Block, body: UpdateBlock) -> Block:
    """Change a block. A label that another block of one of its agents has is refused [55]."""
    if body.label is not None and body.label != block.label:
        for agent_id in world.store.agent_blocks.lefts(block.id):
            refuse_label_twice(world, agent_id, body.label)
    changes = given(body, CREATED | {"value"})
    return world.store.blocks.replace(block.changed(changes))


def attach_block(world: World, agent_id: str, block_id: str) -> None:
    """Attach a block; doing so again changes nothing [55 attach again]."""
    store = world.store
    block = store.blocks.get(block_id)
    if not store.agent_blocks.has(agent_id, block_id):
        refuse_label_twice(world, agent_id, block.label)
        store.agent_blocks.add(agent_id, block_id)


def detach_block(world: World, agent_id: str, block_id: str) -> None:
    if not world.store.agent_blocks.has(agent_id, block_id):
        raise NotFound(
            f"No block with id '{block_id}' found for agent '{agent_id}' with actor id: '{USER_ID}'"
        )
    world.store.agent_blocks.remove(agent_id, block_id)


def refuse_label_twice(world: World, agent_id: str, label: str) -> None:
    """An agent has a label once [55 attach same label]."""
    if any(block.label == label for block in world.store.blocks_of(agent_id)):
        raise ConstraintViolated(
            f"A unique constraint was violated: agent {agent_id} already has a block "
            f"with label '{label}'"
        )


Label = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_/-]+$")]


class BlocksQuery(ListQuery):
    """Oldest first by default; a limit of zero is none, templates are listed alone [54]."""

    order: Order = "asc"
    label: Label | None = None
    templates_only: bool = False
    name: str | None = None
    identity_id: str | None = None
    identifier_keys: list[str] | None = None
    project_id: ProjectId = None
    tags: list[str] | None = None
    match_all_tags: bool = False
    label_search: str | None = None
    description_search: str | None = None
    value_search: str | None = None
    connected_to_agents_count_gt: int | None = None
    connected_to_agents_count_lt: int | None = None
    connected_to_agents_count_eq: list[int] | None = None

    def accepts(self, block: Block, agents: int) -> bool:
        return (
            (self.label is None or block.label == self.label)
            and block.is_template == self.templates_only
            and (self.name is None or block.template_name == self.name)
            and (self.project_id is None or block.project_id == self.project_id)
            and has_tags(block.tags or [], self.tags, all_of_them=self.match_all_tags)
            and self._finds(block)
            and self._counts(agents)
        )

    def _finds(self, block: Block) -> bool:
        searches = (
            (self.label_search, block.label),
            (self.description_search, block.description),
            (self.value_search, block.value),
        )
        return all(not term or term.lower() in (text or "").lower() for term, text in searches)

    def _counts(self, agents: int) -> bool:
        more, less = self.connected_to_agents_count_gt, self.connected_to_agents_count_lt
        exactly = self.connected_to_agents_count_eq
        return (
            (more is None or agents > more)
            and (less is None or agents < less)
            and (not exactly or agents in exactly)
        )


class BlockAgentsQuery(ListQuery, RelationsQuery):
    """Newest first by default [55]."""


@routes.get("/", "blocks.list")
def list_blocks(context: RequestContext, world: World, query: BlocksQuery) -> list[Block]:
    lefts, links = world.store.agent_blocks.lefts, world.store.block_identities
    wanted, keys = query.identity_id, query.identifier_keys
    return page_of(
        world.store.blocks.view(),
        query.page(zero_is_all=True),
        context=context,
        keep=lambda block: (
            query.accepts(block, len(lefts(block.id)))
            and is_of(world, links, block.id, wanted, keys)
        ),
    )


@routes.post("/", "blocks.create")
def create(world: World, body: CreateBlock) -> Block:
    return create_block(world, body)


@routes.get("/count", "blocks.count")
def count(context: RequestContext, world: World, query: BlocksQuery) -> int:
    return len(list_blocks(context, world, query.model_copy(update={"limit": None})))


@routes.patch("/{block_id}", "blocks.update")
def update(world: World, block_id: BlockId, body: UpdateBlock) -> Block:
    return update_block(world, world.store.blocks.get(block_id), body)


@routes.delete("/{block_id}", "blocks.delete")
def delete(world: World, block_id: BlockId) -> None:
    world.store.blocks.get(block_id)
    world.store.delete_block(block_id)


@routes.get("/{block_id}", "blocks.retrieve")
def retrieve(world: World, block_id: BlockId) -> Block:
    block = world.store.blocks.find(block_id)
    if block is None:
        raise _not_found(block_id)
    return block


@routes.get("/{block_id}/agents", "blocks.agents.list")
def list_agents(
    context: RequestContext, world: World, block_id: BlockId, query: BlockAgentsQuery
) -> list[AgentState]:
    store = world.store
    if block_id not in store.blocks:
        return _unknown(context, world, block_id)
    page = page_of(
        ListView(store.agents.in_order(store.agent_blocks.lefts(block_id))),
        query.page(),
        context=context,
    )
    return [show_agent(context, agent, query.asked()) for agent in page]


def _unknown(context: RequestContext, world: World, block_id: str) -> list[AgentState]:
    on = UNKNOWN_BLOCKS in world.quirks
    context.depends_on(UNKNOWN_BLOCKS, "a 404" if on else "an empty list")
    if on:
        return []
    raise _not_found(block_id)


def _not_found(block_id: str) -> NotFound:
    return NotFound(f"Block with id '{block_id}' not found")
