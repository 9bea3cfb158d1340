"""client.agents: making, changing and listing agents."""

from collections.abc import Callable
from typing import Literal

from mockletta.api.agents.agent_creation import create_agent, delete_agent, update_agent
from mockletta.api.agents.relations import RelationsQuery, show_agent
from mockletta.api.identities import is_of
from mockletta.api.lists import Limit, ListQuery, has_tags, page_of
from mockletta.api.messages.message_searches import REFUSAL, find_stored_messages
from mockletta.api.messages.thread_beginnings import recompile
from mockletta.api.searches import refuse_search
from mockletta.api.targets import agent_named
from mockletta.http.path_ids import AgentId
from mockletta.http.routing import Routes
from mockletta.state.table import ARRIVAL
from mockletta.wire.agents import AgentState, CreateAgent, UpdateAgent
from mockletta.wire.base import Body, ProjectId
from mockletta.wire.replies import StopReasonType
from mockletta.wire.searches import StoredMessageMatch, StoredMessageSearch
from mockletta.world.client_headers import Client
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/agents")


class AgentsQuery(ListQuery, RelationsQuery):
    """Newest first by default; a limit of zero is none. `name` is exact, `query_text` is a part of
    it in any case [51]."""

    limit: Limit | None = 50
    order_by: Literal["created_at", "updated_at", "last_run_completion"] = "created_at"  # type: ignore[assignment]
    name: str | None = None
    tags: list[str] | None = None
    match_all_tags: bool = False
    query_text: str | None = None
    project_id: ProjectId = None
    template_id: str | None = None
    base_template_id: str | None = None
    identity_id: str | None = None
    identifier_keys: list[str] | None = None
    last_stop_reason: StopReasonType | None = None
    created_by_id: str | None = None

    def accepts(self, agent: AgentState) -> bool:
        exact = (
            (self.name, agent.name),
            (self.project_id, agent.project_id),
            (self.template_id, agent.template_id),
            (self.base_template_id, agent.base_template_id),
            (self.last_stop_reason, agent.last_stop_reason),
            (self.created_by_id, agent.created_by_id),
        )
        return (
            all(wanted is None or wanted == value for wanted, value in exact)
            and has_tags(agent.tags, self.tags, all_of_them=self.match_all_tags)
            and (not self.query_text or self.query_text.lower() in agent.name.lower())
        )

    def kept_in(self, world: World) -> Callable[[AgentState], bool]:
        """Whether an agent of a world is on the list."""
        links, wanted, keys = world.store.agent_identities, self.identity_id, self.identifier_keys
        return lambda agent: self.accepts(agent) and is_of(world, links, agent.id, wanted, keys)

    @property
    def sort(self) -> str:
        return ARRIVAL if self.order_by == "created_at" else f"{self.order_by}.{self.order}"


class RecompileQuery(Body):
    dry_run: bool = False
    update_timestamp: bool = False


@routes.get("/", "agents.list")
def list_agents(
    context: RequestContext, world: World, client: Client, query: AgentsQuery
) -> list[AgentState]:
    page = page_of(
        world.store.agents.view(sort=query.sort),
        query.page(zero_is_all=True),
        context=context,
        keep=query.kept_in(world),
    )
    relations = query.wanted(client)
    return [show_agent(context, agent, relations) for agent in page]


@routes.post("/", "agents.create")
def create(context: RequestContext, world: World, body: CreateAgent) -> AgentState:
    return show_agent(context, create_agent(world, body))


@routes.get("/count", "agents.count")
def count(world: World, query: AgentsQuery) -> int:
    return sum(map(query.kept_in(world), world.store.agents))


@routes.patch("/{agent_id}", "agents.update")
def update(
    context: RequestContext, world: World, agent_id: AgentId, body: UpdateAgent
) -> AgentState:
    return show_agent(context, update_agent(world, world.store.agents.get(agent_id), body))


@routes.post("/messages/search", "agents.messages.search")
def search_messages(
    context: RequestContext, world: World, body: StoredMessageSearch
) -> list[StoredMessageMatch]:
    refuse_search(context, REFUSAL)
    return find_stored_messages(world, body)


@routes.get("/{agent_id}", "agents.retrieve")
def retrieve(
    context: RequestContext, world: World, client: Client, agent_id: AgentId, query: RelationsQuery
) -> AgentState:
    return show_agent(context, agent_named(world, agent_id), query.wanted(client))


@routes.delete("/{agent_id}", "agents.delete")
def delete(world: World, agent_id: AgentId) -> dict[str, str]:
    delete_agent(world, world.store.agents.get(agent_id))
    return {"message": f"Agent id={agent_id} successfully deleted"}


@routes.post("/{agent_id}/system-prompt/recompile", "agents.recompile_system_prompt")
@routes.post("/{agent_id}/recompile", "agents.recompile")
def recompile_system(world: World, agent_id: AgentId, query: RecompileQuery) -> str:
    agent = agent_named(world, agent_id)
    return recompile(world, agent, world.store.thread(agent_id), dry_run=query.dry_run)
