"""New blocks, and the blocks of agents."""

from mockletta.api.resource import given, new_id
from mockletta.errors import USER_ID, ConstraintViolated, NotFound
from mockletta.turns.context.system_prompt import DESCRIPTIONS
from mockletta.wire.memory import Block, CreateBlock
from mockletta.world.world import World


def create_block(
    world: World,
    body: CreateBlock,
    *,
    for_agent: bool = False,
    project_id: str | None = None,
) -> Block:
    """Create a block. The project is the agent's unless the block names one.

    Human and persona blocks get a default description [54, 50]. Only the answer shows it if the
    block is not created with an agent [74 block 2]. Only the answer shows a tag that is given
    twice.
    """
    values = {"project_id": project_id, "value": "", **given(body, Block)}
    values["tags"] = list(dict.fromkeys(values.get("tags") or ()))
    described = {"description": DESCRIPTIONS.get(body.label.removeprefix("system/"))}
    if for_agent:
        values = described | values
    block = world.store.blocks.add(Block.trusted(id=new_id(world, body, "block"), **values))
    shown: dict[str, object] = {} if body.tags is None else {"tags": body.tags}
    return block.changed(shown if block.description is not None else shown | described)


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
    """Refuse a label that another block of the agent has [55 attach same label]."""
    if any(block.label == label for block in world.store.blocks_of(agent_id)):
        raise ConstraintViolated(
            f"A unique constraint was violated: agent {agent_id} already has a block "
            f"with label '{label}'"
        )
