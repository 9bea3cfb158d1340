"""An agent's archival memory: writing passages, and finding them by their words and tags."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mockletta.errors import ORGANIZATION_ID, USER_ID
from mockletta.turns.word_ranking import by_nearness
from mockletta.wire.agents import AgentState
from mockletta.wire.passages import Archive, Passage, PassageFound
from mockletta.world import World

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
    agent: AgentState,
    text: str,
    tags: Sequence[str] | None = None,
    created_at: datetime | None = None,
) -> Passage:
    """Write a passage into an agent's archive, a new one if it has none [63]. A time without a
    timezone is in UTC."""
    now = world.clock.now()
    created = now if created_at is None else created_at
    return world.store.passages.add(
        Passage(
            created_by_id=USER_ID,
            last_updated_by_id=USER_ID,
            created_at=created if created.tzinfo else created.replace(tzinfo=UTC),
            updated_at=now,
            archive_id=_archive_of(world, agent),
            tags=None if tags is None else list(tags),
            id=world.ids.new("passage"),
            text=text,
            embedding_config=agent.embedding_config,
        )
    )


def search_passages(world: World, agent: AgentState, search: Search) -> list[PassageFound]:
    """The passages nearest to a query, nearest first; as on a server, also those far from it."""
    passages = [item for item in world.store.passages_of(agent.id) if search.takes(item)]
    places = by_nearness(search.query, [item.text for item in passages])
    zone = ZoneInfo(agent.timezone or "UTC")
    return [
        PassageFound(
            id=item.id,
            timestamp=item.created_at.astimezone(zone).isoformat(),
            content=item.text,
            tags=item.tags or [],
        )
        for item in (passages[place] for place in places[: search.most])
    ]


def _archive_of(world: World, agent: AgentState) -> str:
    store, now = world.store, world.clock.now()
    for archive_id in store.agent_archives.rights(agent.id):
        return archive_id
    archive = Archive(
        created_by_id=USER_ID,
        last_updated_by_id=USER_ID,
        created_at=now,
        updated_at=now,
        name=f"{agent.name}'s Archive",
        description=DEFAULT_ARCHIVE,
        organization_id=ORGANIZATION_ID,
        embedding_config=agent.embedding_config,
        id=world.ids.new("archive"),
    )
    store.agent_archives.add(agent.id, store.archives.add(archive).id)
    return archive.id
