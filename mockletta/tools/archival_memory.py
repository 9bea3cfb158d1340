"""Archival memory: archives, their passages, search in them, and the two tools for agents [56]."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple

from mockletta.errors import ORGANIZATION_ID, USER_ID
from mockletta.search.bm25 import best_first, count_words, find_scores
from mockletta.search.embeddings import embed
from mockletta.search.slices import Sliced, finish, mapped
from mockletta.state.clock import time_zone
from mockletta.state.paging import ListView, Ordered, Page, find_page
from mockletta.tools.context import ToolContext
from mockletta.tools.conversation_search import read_moment
from mockletta.wire.agents import AgentState
from mockletta.wire.archives import Archive, Passage, PassageFound
from mockletta.world.world import World

DEFAULT_ARCHIVE = "Default archive created automatically"
DEFAULT_RESULTS = 10


class Search(NamedTuple):
    """A search. `most` limits the results, None is no limit. Times are aware and inclusive."""

    query: str
    most: int | None
    tags: Sequence[str] = ()
    all_tags: bool = False
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, passage: Passage) -> bool:
        """Return whether the tags and times of a passage match."""
        if self.since is not None and passage.created_at < self.since:
            return False
        if self.until is not None and passage.created_at > self.until:
            return False
        found = [tag in (passage.tags or ()) for tag in self.tags]
        return not found or (all(found) if self.all_tags else any(found))


def insert_passage(
    world: World,
    archive: Archive,
    text: str,
    tags: Sequence[str] | None = None,
    *,
    created_at: datetime | None = None,
    passage_id: str | None = None,
    **fields: object,
) -> Passage:
    """Add a passage to an archive. A time without a timezone is in UTC."""
    now = world.clock.now()
    created = now if created_at is None else created_at
    return world.store.passages.add(
        Passage(
            created_by_id=USER_ID,
            last_updated_by_id=USER_ID,
            created_at=created if created.tzinfo else created.replace(tzinfo=UTC),
            updated_at=now,
            archive_id=archive.id,
            tags=None if tags is None else list(dict.fromkeys(tags)),
            id=passage_id or world.ids.new("passage"),
            text=text,
            embedding_config=archive.embedding_config,
        ).changed(fields)
    )


def add_archive(world: World, name: str, **fields: object) -> Archive:
    """Add an archive that is attached to no agent."""
    now = world.clock.now()
    return world.store.archives.add(
        Archive(
            created_by_id=USER_ID,
            last_updated_by_id=USER_ID,
            created_at=now,
            updated_at=now,
            name=name,
            organization_id=ORGANIZATION_ID,
            id=str(fields.get("id") or world.ids.new("archive")),
        ).changed(fields)
    )


def archive_of(world: World, agent: AgentState) -> Archive:
    """Return an agent's archive. Creates one if it has none [63]."""
    store = world.store
    for archive_id in store.agent_archives.rights(agent.id):
        return store.archives.get(archive_id)
    archive = add_archive(
        world,
        f"{agent.name}'s Archive",
        description=DEFAULT_ARCHIVE,
        embedding_config=agent.embedding_config,
    )
    store.agent_archives.add(agent.id, archive.id)
    return archive


def show_passage(passage: Passage) -> Passage:
    """Add the vector to a passage if its archive has an embedding model."""
    config = passage.embedding_config
    if config is None:
        return passage
    return passage.changed({"embedding": embed(passage.text, config.embedding_dim)})


def nearest(passages: Ordered[Passage], search: Search) -> Sliced[list[tuple[Passage, float]]]:
    """Return the passages that match a search with their scores, nearest first.

    Distant passages are included, as on a server.
    """
    taken = yield from find_page(passages, Page(), search.takes)
    counted = yield from mapped(lambda item: count_words(item.text), taken)
    scored = yield from find_scores(search.query, counted)
    return [(taken[place], scored[place]) for place in best_first(scored)[: search.most]]


def search_passages(world: World, agent: AgentState, search: Search) -> list[PassageFound]:
    """Search the passages of an agent. Return them in the form of its tool."""
    zone = time_zone(agent.timezone)
    return [
        PassageFound(
            id=item.id,
            timestamp=item.created_at.astimezone(zone).isoformat(),
            content=item.text,
            tags=item.tags or [],
        )
        for item, _ in finish(nearest(ListView(world.store.passages_of(agent.id)), search))
    ]


def archival_memory_insert(
    context: ToolContext, /, content: str, tags: list[str] | None = None
) -> None:
    """Add a passage to the agent's archive. Return nothing, like the real tool."""
    labels = [str(tag) for tag in tags] if tags else tags
    insert_passage(context.world, archive_of(context.world, context.agent), content, labels)


def archival_memory_search(
    context: ToolContext,
    /,
    query: str,
    tags: list[str] | None = None,
    tag_match_mode: str | None = None,
    top_k: int | None = None,
    start_datetime: str | None = None,
    end_datetime: str | None = None,
) -> list[dict[str, object]]:
    """Find the passages nearest to `query`. Times without a timezone are in the agent's."""
    now = context.now()
    search = Search(
        query=query,
        most=DEFAULT_RESULTS if top_k is None else max(top_k, 0),
        tags=tags or (),
        all_tags=tag_match_mode == "all",
        since=read_moment("start_datetime", start_datetime, time.min, now),
        until=read_moment("end_datetime", end_datetime, time.max, now),
    )
    return [found.model_dump() for found in search_passages(context.world, context.agent, search)]


ARCHIVAL_TOOLS: Mapping[str, Callable[..., object]] = {
    tool.__name__: tool for tool in (archival_memory_insert, archival_memory_search)
}
