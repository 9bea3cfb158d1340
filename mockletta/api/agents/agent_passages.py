"""client.agents.passages: an agent's archival memory."""

from datetime import UTC, datetime
from typing import Literal

from mockletta.api.path_ids import AgentId
from mockletta.api.resource import given
from mockletta.errors import NotFound
from mockletta.http.routing import Routes
from mockletta.state.paging import ListView, Page, paginate
from mockletta.tools.archival_memory import (
    Search,
    archive_of,
    insert_passage,
    search_passages,
    show_passage,
)
from mockletta.wire.agents import AgentState
from mockletta.wire.archives import CreatePassage, Passage, PassagesFound
from mockletta.wire.base import Body
from mockletta.wire.fields import Limit
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}/archival-memory")
DEFAULT_RESULTS = 5
"""The default number of results [63 agent passages search endpoint]."""


class AgentPassagesQuery(Body):
    """Oldest first by default. `search` is a part of a text, in any letter case. A limit of zero
    means all."""

    after: str | None = None
    before: str | None = None
    limit: Limit | None = 100
    search: str | None = None
    ascending: bool | None = True


class SearchQuery(Body):
    query: str
    tags: list[str] | None = None
    tag_match_mode: Literal["any", "all"] = "any"
    top_k: Limit | None = None
    start_datetime: datetime | None = None
    end_datetime: datetime | None = None


@routes.post("", "agents.passages.create")
def create(world: World, agent_id: AgentId, body: CreatePassage) -> list[Passage]:
    archive = archive_of(world, _agent(world, agent_id))
    return [show_passage(insert_passage(world, archive, **given(body, Passage)))]


@routes.get("", "agents.passages.list")
def list_passages(world: World, agent_id: AgentId, query: AgentPassagesQuery) -> list[Passage]:
    """List passages by their own time, which clients may set; none if unknown [63, 40]."""
    text = (query.search or "").lower()
    found = [item for item in world.store.passages_of(agent_id) if text in item.text.lower()]
    found.sort(key=lambda item: item.created_at)
    order: Literal["asc", "desc"] = "desc" if query.ascending is False else "asc"
    view = ListView(found)
    if any(one and view.key(one) is None for one in (query.after, query.before)):
        return []
    page = paginate(view, Page(query.limit or None, order, query.after, query.before))
    return [show_passage(passage) for passage in page]


@routes.get("/search", "agents.passages.search")
def search(world: World, agent_id: AgentId, query: SearchQuery) -> PassagesFound:
    wanted = Search(
        query=query.query,
        most=DEFAULT_RESULTS if query.top_k is None else query.top_k,
        tags=query.tags or (),
        all_tags=query.tag_match_mode == "all",
        since=_aware(query.start_datetime),
        until=_aware(query.end_datetime),
    )
    results = search_passages(world, _agent(world, agent_id), wanted)
    return PassagesFound(results=results, count=len(results))


@routes.delete("/{memory_id}", "agents.passages.delete")
def delete(world: World, agent_id: AgentId, memory_id: str) -> dict[str, str]:
    if memory_id not in [item.id for item in world.store.passages_of(_agent(world, agent_id).id)]:
        raise NotFound(f"Passage with id {memory_id} not found in database.")
    world.store.passages.remove(memory_id)
    return {"message": f"Memory id={memory_id} successfully deleted"}


def _agent(world: World, agent_id: str) -> AgentState:
    agent = world.store.agents.find(agent_id)
    if agent is None:
        raise NotFound(f"Agent with ID {agent_id} not found")
    return agent


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
