"""client.agents: create, retrieve, update, list and delete agents."""

from typing import Annotated, ClassVar, Literal

from mockletta.api.agents.agent_creation import create_agent
from mockletta.api.agents.agent_deletion import release_agent
from mockletta.api.agents.agent_settings import refuse_config
from mockletta.api.agents.agent_updates import update_agent
from mockletta.api.agents.included_relations import RelationsQuery, read_agent, show_agent
from mockletta.api.identity_links import belongs_to
from mockletta.api.lists import Contains, Keep, ListQuery, Option, find_page_of, has_tags
from mockletta.api.message_targets import agent_named
from mockletta.api.path_ids import AgentId
from mockletta.api.resource import Resource, message
from mockletta.http.rendering import ITEMS_AT_ONCE, LongList
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.search.slices import Sliced
from mockletta.state.paging import Order, Page
from mockletta.state.table import ARRIVAL
from mockletta.turns.context.system_prompt import recompile
from mockletta.wire.agents import AgentState, UpdateAgent
from mockletta.wire.base import Body, ProjectId
from mockletta.wire.fields import Limit
from mockletta.wire.stop_reasons import StopReasonType
from mockletta.world.quirks import IGNORED_ORDERS, STALE_RECOMPILATIONS
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

agents = Resource[AgentState](
    "agents", "/v1/agents", AgentState, show=read_agent, show_new=show_agent, agent_id=AgentId
)
routes = agents.routes


AgentList = Annotated[list[AgentState] | LongList, DeclaredResponse(list[AgentState])]
SORTS = ("created_at", "last_run_completion", "updated_at")


class AgentsQuery(ListQuery, RelationsQuery):
    """`name` is exact, `query_text` is a part of the name in any case [51].

    Hidden agents are listed and counted only on request [73]. `ascending` and `sort_by` are older
    names for `order` and `order_by`.
    """

    zero_is_all: ClassVar[bool] = True

    limit: Limit | None = 50
    order_by: Literal["created_at", "updated_at", "last_run_completion"] = "created_at"  # type: ignore[assignment]
    name: str | None = None
    tags: Annotated[list[str] | None, Option()] = None
    match_all_tags: Annotated[bool, Option()] = False
    query_text: Annotated[str | None, Contains("name")] = None
    project_id: ProjectId = None
    template_id: str | None = None
    base_template_id: str | None = None
    identity_id: Annotated[str | None, Option()] = None
    identifier_keys: Annotated[list[str] | None, Option()] = None
    last_stop_reason: StopReasonType | None = None
    created_by_id: str | None = None
    show_hidden_agents: Annotated[bool | None, Option()] = None
    ascending: Annotated[bool, Option()] = False
    sort_by: Annotated[str | None, Option()] = None

    def page(self) -> Page:
        return super().page()._replace(order=self._direction)

    @property
    def sort(self) -> str:
        by = self.sort_by if self.sort_by in SORTS else self.order_by
        return ARRIVAL if by == "created_at" else f"{by}.{self._direction}"

    @property
    def indexed(self) -> tuple[str, str] | None:
        if self.name:
            return "name", self.name
        is_one = self.tags and (self.match_all_tags or len(self.tags) == 1)
        return ("tags", self.tags[0]) if self.tags and is_one else None

    @property
    def _direction(self) -> Order:
        return "asc" if self.ascending and "order" not in self.model_fields_set else self.order

    def keeps(self, world: World) -> Keep:
        keep = super().keeps(world)
        owned = belongs_to(
            world, world.store.agent_identities, self.identity_id, self.identifier_keys
        )
        return lambda agent: (
            (keep is None or keep(agent))
            and (self.show_hidden_agents or not agent.hidden)
            and has_tags(agent.tags, self.tags, all_of_them=self.match_all_tags)
            and owned(agent)
        )


class AgentRecompileQuery(Body):
    dry_run: bool = False
    update_timestamp: bool = False


@routes.get("/", "agents.list")
def list_agents(context: RequestContext, query: AgentsQuery) -> Sliced[AgentList]:
    if query.ascending or query.sort_by:
        on = IGNORED_ORDERS in context.world.quirks
        context.depends_on(IGNORED_ORDERS, f"in the order {'asked for' if on else 'desc'}")
        query = query.model_copy(update={"ascending": False, "sort_by": None}) if on else query
    page = yield from find_page_of(context, context.world.store.agents, query)
    relations = query.wanted(context.client)
    rows = context.world.store.agents
    read = (read_agent(context, agent, relations) for agent in page if agent.id in rows)
    return list(read) if len(page) <= ITEMS_AT_ONCE else LongList(read, context.run)


agents.creates(create_agent)
agents.counts(AgentsQuery)


@agents.updates
def update(world: World, agent: AgentState, body: UpdateAgent) -> AgentState:
    refuse_config(world, body)
    return update_agent(world, agent, body)


@routes.get("/{agent_id}", "agents.retrieve")
def retrieve(context: RequestContext, agent_id: AgentId, query: RelationsQuery) -> AgentState:
    agent = agent_named(context.world, agent_id)
    return read_agent(context, agent, query.wanted(context.client))


agents.deletes(message("Agent"), prepare=release_agent)


@routes.post("/{agent_id}/system-prompt/recompile", "agents.recompile_system_prompt")
@routes.post("/{agent_id}/recompile", "agents.recompile")
def recompile_system(
    context: RequestContext, world: World, agent_id: AgentId, query: AgentRecompileQuery
) -> str:
    """Compile an agent's system prompt again. It says that it is of the time of its message, unless
    that is to be updated [53 recompile]."""
    agent, thread = agent_named(world, agent_id), world.store.thread(agent_id)
    before = thread.system
    at = None if before is None or query.update_timestamp else before.created_at
    text = recompile(world, agent, thread, dry_run=query.dry_run, at=at)
    if before is None or query.dry_run:
        return text
    is_on = STALE_RECOMPILATIONS in world.quirks
    context.depends_on(STALE_RECOMPILATIONS, f"the prompt {'after' if is_on else 'before'} it")
    return str(before.content) if is_on else text
