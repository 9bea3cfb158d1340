"""Archival memory: archives, the passages in them, and finding these by their words and tags."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mockletta.errors import ORGANIZATION_ID, USER_ID
from mockletta.search.bm25 import best_first, scores
from mockletta.search.embeddings import embed
from mockletta.wire.agents import AgentState
from mockletta.wire.models import EmbeddingConfig
from mockletta.wire.passages import Archive, Passage, PassageFound
from mockletta.world.world import World

DEFAULT_ARCHIVE = "Default archive created automatically"


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for; `most` None is all. Times are aware, both inclusive."""

    query: str
    most: int | None
    tags: Sequence[str] = ()
    all_tags: bool = False
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, passage: Passage) -> bool:
        """Whether a passage is among those that are ranked."""
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
    created_at: datetime | None = None,
    metadata: dict[str, object] | None = None,
) -> Passage:
    """Write a passage into an archive. A time without a timezone is in UTC."""
    now = world.clock.now()
    created = now if created_at is None else created_at
    return world.store.passages.add(
        Passage(
            created_by_id=USER_ID,
            last_updated_by_id=USER_ID,
            created_at=created if created.tzinfo else created.replace(tzinfo=UTC),
            updated_at=now,
            archive_id=archive.id,
            metadata=metadata or {},
            tags=None if tags is None else list(tags),
            id=world.ids.new("passage"),
            text=text,
            embedding_config=archive.embedding_config,
        )
    )


def add_archive(
    world: World, name: str, description: str | None, embedding_config: EmbeddingConfig | None
) -> Archive:
    """A new archive that no agent has yet."""
    now = world.clock.now()
    return world.store.archives.add(
        Archive(
            created_by_id=USER_ID,
            last_updated_by_id=USER_ID,
            created_at=now,
            updated_at=now,
            name=name,
            description=description,
            organization_id=ORGANIZATION_ID,
            embedding_config=embedding_config,
            id=world.ids.new("archive"),
        )
    )


def archive_of(world: World, agent: AgentState) -> Archive:
    """An agent's archive, a new one if it has none [63]."""
    store = world.store
    for archive_id in store.agent_archives.rights(agent.id):
        return store.archives.get(archive_id)
    archive = add_archive(world, f"{agent.name}'s Archive", DEFAULT_ARCHIVE, agent.embedding_config)
    store.agent_archives.add(agent.id, archive.id)
    return archive


def show_passage(passage: Passage) -> Passage:
    """A passage with its vector, if its archive has an embedding model."""
    config = passage.embedding_config
    if config is None:
        return passage
    return passage.changed({"embedding": embed(passage.text, config.embedding_dim)})


def nearest(passages: Iterable[Passage], search: Search) -> list[tuple[Passage, float]]:
    """The passages that a search takes with their scores, nearest first; as on a server, also
    those far from the query."""
    taken = [item for item in passages if search.takes(item)]
    scored = scores(search.query, [item.text for item in taken])
    return [(taken[place], scored[place]) for place in best_first(scored)[: search.most]]


def search_passages(world: World, agent: AgentState, search: Search) -> list[PassageFound]:
    """The passages of an agent's that are nearest to a query, as the agent is shown them."""
    zone = ZoneInfo(agent.timezone or "UTC")
    return [
        PassageFound(
            id=item.id,
            timestamp=item.created_at.astimezone(zone).isoformat(),
            content=item.text,
            tags=item.tags or [],
        )
        for item, _ in nearest(world.store.passages_of(agent.id), search)
    ]
