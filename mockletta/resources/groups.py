"""Making and changing groups of agents."""

from collections.abc import Iterable

from mockletta.errors import ConstraintViolated
from mockletta.resources.changes import given
from mockletta.wire.groups import CreateGroup, Group, UpdateGroup
from mockletta.world.world import World

CHANGED = {"agent_ids", "description", "project_id", "shared_block_ids"}


def create_group(world: World, body: CreateGroup) -> Group:
    """A new group; ConstraintViolated if its agents or blocks are not there."""
    manager = vars(body.manager_config)
    _refuse_unknown(world, [*body.agent_ids, manager.get("manager_agent_id")])
    _refuse_unknown(world, body.shared_block_ids)
    return world.store.groups.add(
        Group(
            id=world.ids.new("group"),
            agent_ids=list(dict.fromkeys(body.agent_ids)),
            description=body.description,
            project_id=body.project_id,
            shared_block_ids=body.shared_block_ids,
            hidden=body.hidden,
            **manager,
        )
    )


def update_group(world: World, group: Group, body: UpdateGroup) -> Group:
    """Change a group; nothing is changed if anything is refused."""
    config = body.manager_config
    manager = {} if config is None else given(config, set(type(config).model_fields))
    _refuse_unknown(world, [*(body.agent_ids or ()), manager.get("manager_agent_id")])
    _refuse_unknown(world, body.shared_block_ids or ())
    return world.store.groups.replace(group.changed({**given(body, CHANGED), **manager}))


def group_managed_by(world: World, agent_id: str) -> Group | None:
    """The group that an agent manages, if it manages one."""
    groups = world.store.groups
    return next((group for group in groups if group.manager_agent_id == agent_id), None)


def _refuse_unknown(world: World, ids: Iterable[object]) -> None:
    """ConstraintViolated for an id of an agent or a block that there is not."""
    store, given = world.store, [str(one) for one in ids if one]
    unknown = [one for one in given if one not in store.agents and one not in store.blocks]
    if unknown:
        missing = ", ".join(unknown)
        raise ConstraintViolated(f"A foreign key constraint was violated: there is no {missing}")
