"""The groups that an agent is in."""

from mockletta.api.lists import Limit, ListQuery, page_of
from mockletta.http.path_ids import AgentId
from mockletta.http.routing import Routes
from mockletta.wire.groups import Group
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}/groups")


class AgentGroupsQuery(ListQuery):
    """Newest first by default."""

    limit: Limit | None = 100
    manager_type: str | None = None


@routes.get("", "agents.groups.list")
def list_groups(
    context: RequestContext, world: World, agent_id: AgentId, query: AgentGroupsQuery
) -> list[Group]:
    """The groups that have an agent, none if there is no such agent [40 agent unknown
    GET groups]."""
    return page_of(
        world.store.groups.view(),
        query.page(),
        context=context,
        keep=lambda group: (
            agent_id in group.agent_ids and query.manager_type in (None, group.manager_type)
        ),
    )
