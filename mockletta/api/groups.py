"""Groups of agents, client.groups of older SDKs. They are data only: agents do not talk in them."""

from collections.abc import Iterable
from typing import ClassVar

from mockletta.api.lists import Conditions, ListQuery
from mockletta.api.path_ids import BlockId, GroupId
from mockletta.api.resource import Resource, attachments, given, message, new_id
from mockletta.errors import BadRequest, ConstraintViolated
from mockletta.state.paging import Order
from mockletta.wire.base import ProjectId
from mockletta.wire.groups import CreateGroup, Group, ManagerType, UpdateGroup
from mockletta.world.quirks import NO_CLOUD
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

groups = Resource[Group]("groups", "/v1/groups", Group, group_id=GroupId)
routes = groups.routes
BEFORE_THE_FIRST_TURN = -1
"""The number of turns of a group whose agents help its manager every few turns."""


class GroupsQuery(ListQuery):
    """Oldest first."""

    zero_is_all: ClassVar[bool] = True

    order: Order = "asc"
    manager_type: ManagerType | None = None
    project_id: ProjectId = None


class GroupCountQuery(Conditions):
    project_id: ProjectId = None


groups.lists(GroupsQuery)


@groups.creates
def create_group(world: World, body: CreateGroup) -> Group:
    """Create a group. Unknown agents and blocks are refused."""
    manager = vars(body.manager_config)
    _refuse_unknown(world, [*body.agent_ids, manager.get("manager_agent_id")])
    _refuse_unknown(world, body.shared_block_ids)
    members = list(dict.fromkeys(body.agent_ids))
    values = {**given(body, Group), **manager, "agent_ids": members, **_project_of(world, body)}
    if manager.get("sleeptime_agent_frequency"):
        values["turns_counter"] = BEFORE_THE_FIRST_TURN
    return world.store.groups.add(Group.trusted(id=new_id(world, body, "group"), **values))


groups.counts(GroupCountQuery)
groups.retrieves()


@groups.updates
def update_group(world: World, group: Group, body: UpdateGroup) -> Group:
    """Update a group. Nothing changes if anything is refused, as another type of manager is. An
    empty list of agents changes nothing either."""
    manager = given(body.manager_config, Group) if body.manager_config else {}
    if manager.get("manager_type", group.manager_type) != group.manager_type:
        raise BadRequest("Cannot change group pattern after creation")
    body = body.model_copy(update={"agent_ids": body.agent_ids or None})
    _refuse_unknown(world, [*(body.agent_ids or ()), manager.get("manager_agent_id")])
    _refuse_unknown(world, body.shared_block_ids or ())
    return groups.change(world, group, body, **manager, **_project_of(world, body))


def _project_of(world: World, body: CreateGroup | UpdateGroup) -> dict[str, None]:
    """Return what replaces the project of a request: an open server keeps none [73 g]."""
    if body.project_id is None:
        return {}
    is_on = NO_CLOUD in world.quirks
    world.quirks.record(NO_CLOUD, "groups", f"a group in {'its' if is_on else 'no'} project")
    return {"project_id": None} if is_on else {}


groups.deletes(message("Group"))


@routes.get("/{group_id}/messages", "groups.messages.list")
def list_messages(world: World, group_id: GroupId) -> list[object]:
    """Return no messages, since agents do not talk in groups."""
    world.store.groups.get(group_id)
    return []


@routes.patch("/{group_id}/reset-messages", "groups.messages.reset")
def reset_messages(world: World, group_id: GroupId) -> None:
    world.store.groups.get(group_id)


def _share(world: World, group_id: str, block_id: str) -> None:
    """Share a block; doing so again changes nothing."""
    group, block = world.store.groups.get(group_id), world.store.blocks.get(block_id)
    shared = list(dict.fromkeys([*group.shared_block_ids, block.id]))
    world.store.groups.replace(group.changed({"shared_block_ids": shared}))


def _stop_sharing(world: World, group_id: str, block_id: str) -> None:
    group = world.store.groups.get(group_id)
    shared = [one for one in group.shared_block_ids if one != block_id]
    world.store.groups.replace(group.changed({"shared_block_ids": shared}))


def _null(_: RequestContext, __: str) -> None:
    """Answer with null."""


attachments(
    "groups.blocks",
    routes,
    "/{group_id}/blocks",
    attach=_share,
    detach=_stop_sharing,
    answer=_null,
    group_id=GroupId,
    block_id=BlockId,
)


def _refuse_unknown(world: World, ids: Iterable[object]) -> None:
    store, named = world.store, [str(one) for one in ids if one]
    unknown = [one for one in named if one not in store.agents and one not in store.blocks]
    if unknown:
        missing = ", ".join(unknown)
        raise ConstraintViolated(f"A foreign key constraint was violated: there is no {missing}")
