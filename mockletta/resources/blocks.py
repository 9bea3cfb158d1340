"""Making, changing and attaching blocks."""

from mockletta.errors import USER_ID, ConstraintViolated, NotFound
from mockletta.resources.changes import given
from mockletta.turns.system_prompt import DESCRIPTIONS
from mockletta.wire.block_requests import CreateBlock, UpdateBlock
from mockletta.wire.blocks import Block
from mockletta.world.world import World

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
