"""client.blocks: memory blocks, attached or not."""

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from mockletta.api.agents.related_agents import RelatedAgentsQuery, page_of_agents
from mockletta.api.block_creation import create_block, refuse_label_twice
from mockletta.api.identity_links import belongs_to
from mockletta.api.lists import Contains, Equals, Keep, ListQuery, Option, has_tags
from mockletta.api.path_ids import BlockId, refuse_malformed
from mockletta.api.resource import Resource, attachments
from mockletta.errors import NotFound
from mockletta.state.paging import Order
from mockletta.turns.context.system_prompt import recompile_connected
from mockletta.wire.agents import AgentState
from mockletta.wire.base import ProjectId
from mockletta.wire.fields import IdentityIdText
from mockletta.wire.identities import Identity
from mockletta.wire.memory import Block, UpdateBlock
from mockletta.world.quirks import UNKNOWN_BLOCKS
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

blocks = Resource[Block]("blocks", "/v1/blocks", Block, block_id=BlockId)
routes = blocks.routes
Label = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_/-]+$", min_length=1, max_length=50)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9 _-]+$", min_length=1, max_length=100)]
Searched = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class AgentsOfBlockQuery(RelatedAgentsQuery):
    """A limit of zero means all."""

    zero_is_all: ClassVar[bool] = True


class BlocksQuery(ListQuery):
    """Oldest first; only templates or only other blocks are listed [54]."""

    zero_is_all: ClassVar[bool] = True

    order: Order = "asc"
    label: Label | None = None
    templates_only: Annotated[bool, Equals("is_template")] = False
    name: Annotated[Name | None, Equals("template_name")] = None
    identity_id: Annotated[IdentityIdText | None, Option()] = None
    identifier_keys: Annotated[list[str] | None, Option()] = None
    project_id: ProjectId = None
    tags: Annotated[list[str] | None, Option()] = None
    match_all_tags: Annotated[bool, Option()] = False
    label_search: Annotated[Label | None, Contains("label")] = None
    description_search: Annotated[Searched | None, Contains("description")] = None
    value_search: Annotated[Searched | None, Contains("value")] = None
    connected_to_agents_count_gt: Annotated[int | None, Option()] = None
    connected_to_agents_count_lt: Annotated[int | None, Option()] = None
    connected_to_agents_count_eq: Annotated[list[int] | None, Option()] = None
    show_hidden_blocks: Annotated[bool | None, Option()] = None

    @property
    def indexed(self) -> tuple[str, str] | None:
        return None if self.label is None else ("label", self.label)

    def keeps(self, world: World) -> Keep:
        keep, agents_of = super().keeps(world), world.store.agent_blocks.lefts
        owned = belongs_to(
            world, world.store.block_identities, self.identity_id, self.identifier_keys
        )
        return lambda block: (
            (keep is None or keep(block))
            and (self.show_hidden_blocks or not block.hidden)
            and has_tags(block.tags or [], self.tags, all_of_them=self.match_all_tags)
            and self._counts(len(agents_of(block.id)))
            and owned(block)
        )

    def _counts(self, agents: int) -> bool:
        more, less = self.connected_to_agents_count_gt, self.connected_to_agents_count_lt
        exactly = self.connected_to_agents_count_eq
        return (
            (more is None or agents > more)
            and (less is None or agents < less)
            and (not exactly or agents in exactly)
        )


blocks.lists(BlocksQuery)
blocks.creates(create_block)


class CountQuery(BlocksQuery):
    """Hidden blocks are always counted [73 block count]."""

    show_hidden_blocks: Annotated[bool | None, Option()] = True


blocks.counts(CountQuery)


@blocks.updates
def update_block(world: World, block: Block, body: UpdateBlock) -> Block:
    """Update a block. Refuses a label that another block of one of its agents has [55]."""
    if body.label is not None and body.label != block.label:
        for agent_id in world.store.agent_blocks.lefts(block.id):
            refuse_label_twice(world, agent_id, body.label)
    changed = blocks.change(world, block, body)
    recompile_connected(world, [block.id])
    return changed


def _unknown(block_id: str) -> NotFound:
    return NotFound(f"Block with id '{block_id}' not found")


blocks.deletes()
blocks.retrieves(_unknown)


@routes.get("/{block_id}/agents", "blocks.agents.list")
def list_agents(
    context: RequestContext, block_id: BlockId, query: AgentsOfBlockQuery
) -> list[AgentState]:
    world = context.world
    if block_id not in world.store.blocks:
        on = UNKNOWN_BLOCKS in world.quirks
        context.depends_on(UNKNOWN_BLOCKS, "a 404" if on else "an empty list")
        if on:
            return []
        raise _unknown(block_id)
    agent_ids = world.store.agent_blocks.lefts(block_id)
    return page_of_agents(context, agent_ids, query, query.asked())


def _attach_identity(world: World, block_id: str, identity_id: str) -> None:
    block, identity = _with_identity(world, block_id, identity_id)
    world.store.block_identities.add(block.id, identity.id)


def _detach_identity(world: World, block_id: str, identity_id: str) -> None:
    block, identity = _with_identity(world, block_id, identity_id)
    world.store.block_identities.discard(block.id, identity.id)


def _with_identity(world: World, block_id: str, identity_id: str) -> tuple[Block, Identity]:
    refuse_malformed("identity", identity_id)
    return world.store.blocks.get(block_id), world.store.identities.get(identity_id)


def _block(context: RequestContext, block_id: str) -> Block:
    return context.world.store.blocks.get(block_id)


attachments(
    "blocks.identities",
    routes,
    "/{block_id}/identities",
    attach=_attach_identity,
    detach=_detach_identity,
    answer=_block,
    block_id=BlockId,
    identity_id=str,
)
