"""client.passages: searches the passages of all archives."""

from collections.abc import Collection
from datetime import UTC, datetime
from itertools import islice

from mockletta.errors import BadRequest, NotFound
from mockletta.http.routing import Routes
from mockletta.search.ranking import Ranked, ranked
from mockletta.search.slices import Sliced
from mockletta.state.paging import ListView, Ordered
from mockletta.tools.archival_memory import Search, nearest, show_passage
from mockletta.wire.archives import Passage
from mockletta.wire.searches import PassageMatch, PassageSearch, ToolMatch, ToolSearch
from mockletta.wire.tools import Tool
from mockletta.world.quirks import NO_SEARCH
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/passages")
NAME_COUNTS = 3
"""The number of times that a tool's name counts in its searched text: it is the most significant
part."""


def find_passages(world: World, asked: PassageSearch) -> Sliced[list[PassageMatch]]:
    """Find the passages nearest to a query.

    A search over everything only finds passages that share a word with it; a search of an agent or
    an archive ranks all [63 global search *].
    """
    search = Search(
        query=asked.query or "",
        most=None,
        tags=asked.tags or (),
        all_tags=asked.tag_match_mode == "all",
        since=aware(asked.start_date),
        until=aware(asked.end_date),
    )
    found = yield from nearest(_searched(world, asked), search)
    if not search.query.strip():
        found = sorted(found, key=lambda match: match[0].created_at)
    elif asked.agent_id is None and asked.archive_id is None:
        found = [match for match in found if match[1]]
    return [
        PassageMatch(passage=show_passage(passage), score=score)
        for passage, score in islice(found, asked.limit)
    ]


def find_tools(world: World, asked: ToolSearch) -> Sliced[list[ToolMatch]]:
    """Find tools, best first; without a query all of them in order of creation."""
    fitting = [tool for tool in world.store.tools if _fits(tool, asked.tool_types, asked.tags)]
    texts = [tool_text(tool) for tool in fitting]
    if asked.query:
        weighted = [NAME_COUNTS * f"{tool.name} " + tool_text(tool) for tool in fitting]
        places = yield from ranked(asked.query, weighted, asked.search_mode)
    else:
        places = [Ranked(place, 0.0, None, None) for place in range(len(texts))]
    return [
        ToolMatch(
            tool=fitting[one.place],
            embedded_text=texts[one.place],
            fts_rank=one.fts_rank,
            vector_rank=one.vector_rank,
            combined_score=one.score,
        )
        for one in places[: asked.limit]
    ]


def tool_text(tool: Tool) -> str:
    """Return the searched text of a tool: its name, description, tags and parameters."""
    schema = tool.json_schema or {}
    parameters = schema.get("parameters")
    properties = parameters.get("properties") if isinstance(parameters, dict) else None
    lines = [
        tool.name,
        str(tool.description or schema.get("description") or ""),
        ", ".join(tool.tags or ()),
        ", ".join(map(str, properties)) if isinstance(properties, dict) else "",
    ]
    return "\n".join(line for line in lines if line)


def refuse_search(context: RequestContext, detail: str) -> None:
    """Raise BadRequest if the server has no embeddings to search with."""
    on = NO_SEARCH in context.world.quirks
    context.depends_on(NO_SEARCH, "what is found" if on else "a 400")
    if on:
        raise BadRequest(detail)


def aware(moment: datetime | None) -> datetime | None:
    """Return an aware time. A time without a timezone is in UTC."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _searched(world: World, asked: PassageSearch) -> Ordered[Passage]:
    """Return the passages to search. An unknown agent or archive is only refused with a query."""
    store = world.store
    if asked.agent_id is not None:
        if asked.query and asked.agent_id not in store.agents:
            raise NotFound(f"Agent with ID {asked.agent_id} not found")
        return ListView(store.passages_of(asked.agent_id))
    if asked.archive_id is not None:
        if asked.query:
            store.archives.get(asked.archive_id)
        return store.passages.view(("archive_id", asked.archive_id))
    return store.passages.view()


def _fits(tool: Tool, kinds: Collection[str] | None, tags: Collection[str] | None) -> bool:
    if kinds and tool.tool_type not in kinds:
        return False
    return not tags or any(tag in tags for tag in tool.tags or ())


@routes.post("/search", "passages.search")
def search(world: World, body: PassageSearch) -> Sliced[list[PassageMatch]]:
    return find_passages(world, body)
