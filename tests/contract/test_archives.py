"""Archives: collections of passages that agents share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from letta_client import (
    AsyncLetta,
    BadRequestError,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState, Archive

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import checked
from tests.contract.sdk import needs
from tests.contract.talk import MODEL

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:deprecated"),
    needs("archives.passages.create_many"),
]
EMBEDDING = "openai/text-embedding-3-small"
NOBODY = "agent-00000000-0000-4000-8000-000000000000"
NOTHING = "archive-00000000-0000-4000-8000-000000000000"
NO_PASSAGE = "passage-00000000-0000-4000-8000-000000000000"


@pytest.fixture
def archive(client: Letta) -> Archive:
    return checked(client.archives.create(name="Facts", embedding=EMBEDDING, description="d"))


def names(client: Letta, **query: object) -> list[str]:
    return [one.name for one in checked(client.archives.list(**query)).items]  # type: ignore[arg-type]


def texts(client: Letta, agent: AgentState) -> list[str]:
    return [one.text for one in client.agents.passages.list(agent.id)]


def test_an_archive_is_kept_as_it_was_sent(client: Letta, archive: Archive) -> None:
    assert (archive.name, archive.description, archive.metadata) == ("Facts", "d", None)
    assert (archive.vector_db_provider, archive.created_at) == ("native", archive.updated_at)
    assert archive.embedding_config is not None
    assert archive.embedding_config.handle == EMBEDDING
    assert checked(client.archives.retrieve(archive.id)) == archive


def test_an_archive_can_have_the_config_of_an_embedding_model_or_none(
    client: Letta, archive: Archive
) -> None:
    config = archive.embedding_config
    assert config is not None

    given = client.archives.create(name="x", embedding_config=config.to_dict())  # type: ignore[arg-type]

    assert given.embedding_config == config
    assert client.archives.create(name="y").embedding_config is None
    with pytest.raises(BadRequestError, match="Embedding model openai/none not found"):
        client.archives.create(name="z", embedding="openai/none")
    with pytest.raises(UnprocessableEntityError, match="name"):
        client.archives.create(name=None)  # type: ignore[arg-type]
    assert names(client) == ["y", "x", "Facts"]


def test_an_update_changes_what_it_names(client: Letta, archive: Archive) -> None:
    renamed = checked(client.archives.update(archive.id, name="Renamed"))
    told = client.archives.update(archive.id, description="dd")

    assert (renamed.name, renamed.description) == ("Renamed", "d")
    assert (told.name, told.description) == ("Renamed", "dd")
    assert told.updated_at is not None
    assert told.updated_at > archive.created_at == told.created_at
    assert client.archives.retrieve(archive.id) == told


def test_archives_are_listed_by_name_by_agent_and_page_by_page(
    client: Letta, agent: AgentState
) -> None:
    ids = [client.archives.create(name=name).id for name in ("a", "b", "a")]
    client.agents.archives.attach(ids[1], agent_id=agent.id)

    assert names(client) == ["a", "b", "a"]
    assert names(client, name="b") == names(client, agent_id=agent.id) == ["b"]
    assert names(client, agent_id=agent.id, name="a") == []
    found = [one.id for one in client.archives.list(order="asc", limit=1)]
    assert found == ids
    assert [one.id for one in client.archives.list(after=ids[2]).items] == [ids[1], ids[0]]
    assert [one.id for one in client.archives.list(before=ids[0], limit=1).items] == [ids[1]]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"agent_id": NOBODY}, "Agent not found"),
        ({"after": NOTHING}, f"No Archive found with id {NOTHING}"),
        ({"before": NOTHING}, f"No Archive found with id {NOTHING}"),
    ],
)
def test_lists_refuse_what_there_is_not(client: Letta, query: dict[str, object], told: str) -> None:
    with pytest.raises(NotFoundError, match=told):
        names(client, **query)


@pytest.mark.parametrize("agent_id", ["", "x"])
def test_a_list_for_what_is_no_agent_is_refused(client: Letta, agent_id: str) -> None:
    with pytest.raises(BadRequestError, match=f"Invalid agent ID format: {agent_id}[.] Expected"):
        client.get(f"/v1/archives/?agent_id={agent_id}", cast_to=object)


def test_passages_are_put_into_an_archive_one_by_one_and_many_at_once(
    client: Letta, archive: Archive, agent: AgentState
) -> None:
    passages = client.archives.passages
    first = checked(
        passages.create(
            archive.id, text="One", tags=["t"], metadata={"m": 1}, created_at="2020-01-01T00:00:00Z"
        )
    )
    rest = checked(passages.create_many(archive.id, passages=[{"text": "Two"}, {"text": "Three"}]))
    client.agents.archives.attach(archive.id, agent_id=agent.id)

    assert (first.text, first.tags, first.metadata) == ("One", ["t"], {"m": 1})
    assert [(one.text, one.archive_id) for one in rest] == [
        ("Two", archive.id),
        ("Three", archive.id),
    ]
    assert passages.create_many(archive.id, passages=[]) == []
    assert client.agents.passages.list(agent.id) == [first, *rest]


def test_a_passage_has_a_vector_if_its_archive_has_a_model(client: Letta, archive: Archive) -> None:
    plain = client.archives.create(name="plain")
    create = client.archives.passages.create

    moon, same, other = (create(archive.id, text=text) for text in ("Moon", "moons", "Sky"))

    assert moon.embedding is not None
    assert archive.embedding_config is not None
    assert len(moon.embedding) == archive.embedding_config.embedding_dim == 1536
    assert sum(value * value for value in moon.embedding) == pytest.approx(1)
    assert moon.embedding == same.embedding != other.embedding
    assert moon.embedding_config == archive.embedding_config
    assert create(plain.id, text="Moon").embedding is None


def test_an_agents_own_passages_have_the_vectors_of_its_archive(client: Letta) -> None:
    agent = client.agents.create(model=MODEL, embedding=EMBEDDING)

    [passage] = checked(client.agents.passages.create(agent.id, text="A fact."))

    assert passage.embedding is not None
    assert len(passage.embedding) == 1536
    assert client.agents.passages.list(agent.id) == [passage]
    [archive] = client.archives.list(agent_id=agent.id).items
    assert (archive.id, archive.name) == (passage.archive_id, f"{agent.name}'s Archive")


def test_agents_share_an_archive(client: Letta, archive: Archive) -> None:
    one, two = (client.agents.create(model=MODEL) for _ in range(2))
    for agent in (one, two, two):
        client.agents.archives.attach(archive.id, agent_id=agent.id)

    client.agents.passages.create(one.id, text="Shared")

    assert texts(client, two) == ["Shared"]
    sharing = client.get(f"/v1/archives/{archive.id}/agents", cast_to=list[AgentState])
    assert [agent.id for agent in checked(sharing)] == [two.id, one.id]


def test_an_agent_has_one_archive_at_most(
    client: Letta, archive: Archive, agent: AgentState
) -> None:
    other = client.archives.create(name="other")
    client.agents.archives.attach(archive.id, agent_id=agent.id)

    with pytest.raises(ConflictError, match="already has an archive"):
        client.agents.archives.attach(other.id, agent_id=agent.id)
    client.agents.archives.detach(archive.id, agent_id=agent.id)
    client.agents.archives.detach(archive.id, agent_id=agent.id)
    client.agents.archives.attach(other.id, agent_id=agent.id)
    assert names(client, agent_id=agent.id) == ["other"]


def test_a_deleted_archive_goes_with_its_passages_and_leaves_its_agents(
    mock: MockLetta, client: Letta, archive: Archive, agent: AgentState
) -> None:
    client.agents.archives.attach(archive.id, agent_id=agent.id)
    client.archives.passages.create(archive.id, text="Gone soon")

    client.archives.delete(archive.id)

    assert not list(mock.world.store.passages)
    assert texts(client, agent) == names(client) == []
    with pytest.raises(NotFoundError, match="Archive not found"):
        client.archives.delete(archive.id)
    client.agents.passages.create(agent.id, text="A new one")
    assert names(client) == [f"{agent.name}'s Archive"]


def test_a_deleted_passage_leaves_its_archive(client: Letta, archive: Archive) -> None:
    passages, other = client.archives.passages, client.archives.create(name="other")
    passage = passages.create(archive.id, text="x")
    assert passage.id is not None

    with pytest.raises(BadRequestError, match=f"does not belong to archive {other.id}"):
        passages.delete(passage.id, archive_id=other.id)
    passages.delete(passage.id, archive_id=archive.id)
    with pytest.raises(NotFoundError, match=f"Agent passage with id {passage.id} not found"):
        passages.delete(passage.id, archive_id=archive.id)


def test_what_there_is_not_is_not_found(client: Letta, archive: Archive, agent: AgentState) -> None:
    calls: list[Callable[[], object]] = [
        lambda: client.archives.retrieve(NOTHING),
        lambda: client.archives.update(NOTHING, name="x"),
        lambda: client.archives.passages.create(NOTHING, text="x"),
        lambda: client.archives.passages.create_many(NOTHING, passages=[]),
        lambda: client.archives.passages.delete(NO_PASSAGE, archive_id=NOTHING),
        lambda: client.agents.archives.attach(NOTHING, agent_id=agent.id),
        lambda: client.agents.archives.detach(NOTHING, agent_id=agent.id),
        lambda: client.agents.archives.attach(archive.id, agent_id=NOBODY),
    ]
    for call in calls:
        with pytest.raises(NotFoundError):
            call()


async def test_the_asynchronous_client_has_them_too(
    async_client: AsyncLetta, agent: AgentState
) -> None:
    archive = checked(await async_client.archives.create(name="Facts"))
    await async_client.agents.archives.attach(archive.id, agent_id=agent.id)
    await async_client.archives.passages.create(archive.id, text="One")

    assert [one.text for one in await async_client.agents.passages.list(agent.id)] == ["One"]
    assert [one.id async for one in async_client.archives.list()] == [archive.id]
    await async_client.archives.delete(archive.id)
    assert [one.id async for one in async_client.archives.list()] == []


def test_archives_go_into_files_and_snapshots(
    mock: MockLetta, client: Letta, archive: Archive, agent: AgentState, tmp_path: Path
) -> None:
    client.agents.archives.attach(archive.id, agent_id=agent.id)
    client.archives.passages.create(archive.id, text="Kept", metadata={"m": [1]})
    before = client.agents.passages.list(agent.id)
    mock.save(tmp_path / "world.jsonl")

    client.archives.delete(archive.id)
    mock.load(tmp_path / "world.jsonl")

    assert client.agents.passages.list(agent.id) == before
    assert client.archives.retrieve(archive.id) == archive
