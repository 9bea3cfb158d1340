"""Groups of agents, which older SDKs call client.groups. They are data: nobody speaks in them."""

from collections.abc import Iterable

from mockletta.api.changes import given
from mockletta.api.lists import ListQuery, page_of
from mockletta.errors import ConstraintViolated
from mockletta.http.path_ids import BlockId, GroupId
from mockletta.http.routing import Routes
from mockletta.state.paging import Order
from mockletta.wire.base import Body, ProjectId
from mockletta.wire.groups import CreateGroup, Group, ManagerType, UpdateGroup
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/groups")
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


def _refuse_unknown(world: World, ids: Iterable[object]) -> None:
    """ConstraintViolated for an id of an agent or a block that there is not."""
    store, given = world.store, [str(one) for one in ids if one]
    unknown = [one for one in given if one not in store.agents and one not in store.blocks]
    if unknown:
        missing = ", ".join(unknown)
        raise ConstraintViolated(f"A foreign key constraint was violated: there is no {missing}")


class GroupsQuery(ListQuery):
    """Oldest first by default."""

    order: Order = "asc"
    manager_type: ManagerType | None = None
    project_id: ProjectId = None

    def accepts(self, group: Group) -> bool:
        return self.manager_type in (None, group.manager_type) and self.project_id in (
            None,
            group.project_id,
        )


class CountQuery(Body):
    project_id: ProjectId = None


@routes.get("/", "groups.list")
def list_groups(context: RequestContext, world: World, query: GroupsQuery) -> list[Group]:
    return page_of(
        world.store.groups.view(),
        query.page(),
        context=context,
        keep=query.accepts,
    )


@routes.post("/", "groups.create")
def create(world: World, body: CreateGroup) -> Group:
    return create_group(world, body)


@routes.get("/count", "groups.count")
def count(world: World, query: CountQuery) -> int:
    return sum(query.project_id in (None, group.project_id) for group in world.store.groups)


@routes.get("/{group_id}", "groups.retrieve")
def retrieve(world: World, group_id: GroupId) -> Group:
    return world.store.groups.get(group_id)


@routes.patch("/{group_id}", "groups.update")
def update(world: World, group_id: GroupId, body: UpdateGroup) -> Group:
    return update_group(world, world.store.groups.get(group_id), body)


@routes.delete("/{group_id}", "groups.delete")
def delete(world: World, group_id: GroupId) -> dict[str, str]:
    world.store.groups.remove(group_id)
    return {"message": f"Group id={group_id} successfully deleted"}


@routes.get("/{group_id}/messages", "groups.messages.list")
def list_messages(world: World, group_id: GroupId) -> list[object]:
    """None: nobody speaks in a group here."""
    world.store.groups.get(group_id)
    return []


@routes.patch("/{group_id}/reset-messages", "groups.messages.reset")
def reset_messages(world: World, group_id: GroupId) -> None:
    world.store.groups.get(group_id)


@routes.patch("/{group_id}/blocks/attach/{block_id}", "groups.blocks.attach")
def attach_block(world: World, group_id: GroupId, block_id: BlockId) -> None:
    """Share a block; doing so again changes nothing."""
    group, block = world.store.groups.get(group_id), world.store.blocks.get(block_id)
    shared = list(dict.fromkeys([*group.shared_block_ids, block.id]))
    world.store.groups.replace(group.changed({"shared_block_ids": shared}))


@routes.patch("/{group_id}/blocks/detach/{block_id}", "groups.blocks.detach")
def detach_block(world: World, group_id: GroupId, block_id: BlockId) -> None:
    group = world.store.groups.get(group_id)
    shared = [one for one in group.shared_block_ids if one != block_id]
    world.store.groups.replace(group.changed({"shared_block_ids": shared}))
