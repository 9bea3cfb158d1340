"""The agents of a block, an archive or an identity."""

from collections.abc import Collection, Iterable

from mockletta.api.agents.included_relations import RelationsQuery, read_agent
from mockletta.api.lists import ListQuery, page_of
from mockletta.wire.agents import AgentState
from mockletta.world.request_context import RequestContext


class RelatedAgentsQuery(ListQuery, RelationsQuery):
    """The query for agents of a block, an archive or an identity: newest first [55]."""


def page_of_agents(
    context: RequestContext,
    agent_ids: Iterable[str],
    query: ListQuery,
    include: Collection[str],
) -> list[AgentState]:
    """Return a page of agents, with the requested relations."""
    agents = context.world.store.agents
    page = page_of(context, agents.in_order(agent_ids), query, cursors=agents)
    return [read_agent(context, agent, include) for agent in page]
