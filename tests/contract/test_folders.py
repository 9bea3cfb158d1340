"""Folders: making, listing, changing and deleting them, and which agents have them."""

import httpx
import pytest
from letta_client import (
    AsyncLetta,
    BadRequestError,
    ConflictError,
    Letta,
    NotFoundError,
    UnprocessableEntityError,
)
from letta_client.types import AgentState, Folder

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import checked
from tests.contract.talk import MODEL

pytestmark = pytest.mark.anyio
EMBEDDING = "openai/text-embedding-3-small"
NOTHING = "source-00000000-0000-4000-8000-000000000000"
NOBODY = "agent-00000000-0000-4000-8000-000000000000"
FILE_TOOLS = {"open_files", "grep_files", "semantic_search_files"}


@pytest.fixture
def folder(client: Letta) -> Folder:
    return checked(
        client.folders.create(
            name="docs", embedding=EMBEDDING, description="d", instructions="i", metadata={"m": 1}
        )
    )


def names(client: Letta, **query: object) -> list[str]:
    return [one.name for one in checked(client.folders.list(**query)).items]  # type: ignore[arg-type]


def tool_names(client: Letta, agent: AgentState) -> set[str]:
    return {tool.name or "" for tool in client.agents.tools.list(agent.id)}


def sources_of(client: Letta, agent: AgentState) -> list[str]:
    shown = checked(client.agents.retrieve(agent.id, include=["agent.sources"]))
    return [source.name for source in shown.sources or []]


def test_a_folder_is_kept_as_it_was_sent(client: Letta, folder: Folder) -> None:
    assert (folder.name, folder.description, folder.instructions) == ("docs", "d", "i")
    assert folder.metadata == {"m": 1}
    assert folder.embedding_config.handle == EMBEDDING
    assert folder.created_at == folder.updated_at
    assert checked(client.folders.retrieve(folder.id)) == folder


def test_a_folder_needs_a_known_embedding_model_and_a_name_that_is_free(
    client: Letta, folder: Folder
) -> None:
    with pytest.raises(BadRequestError, match="Embedding model openai/none not found"):
        client.folders.create(name="x", embedding="openai/none")
    with pytest.raises(ConflictError, match="there is a folder 'docs' already"):
        client.folders.create(name="docs", embedding=EMBEDDING)
    with pytest.raises(UnprocessableEntityError, match="name"):
        client.folders.create(name=None)  # type: ignore[arg-type]
    assert names(client) == ["docs"]


def test_the_size_of_passages_can_be_told(client: Letta, folder: Folder) -> None:
    config = folder.embedding_config.to_dict()

    given = client.folders.create(name="a", embedding_config=config)  # type: ignore[arg-type]
    smaller = client.folders.create(name="b", embedding=EMBEDDING, embedding_chunk_size=7)

    assert given.embedding_config == folder.embedding_config
    assert smaller.embedding_config.embedding_chunk_size == 7


def test_an_update_changes_what_it_names(client: Letta, folder: Folder) -> None:
    told = checked(client.folders.update(folder.id, description="dd"))
    renamed = client.folders.update(folder.id, name="papers")

    assert (told.name, told.description, told.instructions) == ("docs", "dd", "i")
    assert (renamed.name, renamed.description) == ("papers", "dd")
    assert client.folders.update(folder.id) == client.folders.retrieve(folder.id) == renamed
    assert client.folders.update(folder.id, name="papers").name == "papers"


def test_an_update_takes_no_other_folders_name(client: Letta, folder: Folder) -> None:
    client.folders.create(name="other", embedding=EMBEDDING)

    with pytest.raises(ConflictError, match="there is a folder 'other' already"):
        client.folders.update(folder.id, name="other")
    assert client.folders.retrieve(folder.id) == folder


def test_folders_are_listed_oldest_first_and_paged(client: Letta) -> None:
    made = [client.folders.create(name=name, embedding=EMBEDDING) for name in "abcde"]

    assert names(client) == ["a", "b", "c", "d", "e"]
    assert names(client, order="desc", limit=2) == ["e", "d"]
    assert names(client, after=made[1].id, limit=2) == ["c", "d"]
    assert names(client, before=made[1].id) == ["a"]
    assert names(client, name="c") == ["c"]
    assert [one.name for one in client.folders.list(limit=2)] == ["a", "b", "c", "d", "e"]


def test_a_folder_that_there_is_not_is_a_404(client: Letta) -> None:
    for call in (client.folders.retrieve, client.folders.update, client.folders.delete):
        with pytest.raises(NotFoundError, match="Source not found"):
            call(NOTHING)
    with pytest.raises(UnprocessableEntityError, match="at least 43 characters"):
        client.folders.retrieve("nope")


def test_agents_get_folders_and_the_tools_for_files(
    client: Letta, agent: AgentState, folder: Folder
) -> None:
    tools = tool_names(client, agent)

    for _ in range(2):
        client.agents.folders.attach(folder.id, agent_id=agent.id)

    (attached,) = checked(client.agents.folders.list(agent.id)).items
    assert (attached.id, attached.vector_db_provider) == (folder.id, "native")
    assert checked(client.folders.agents.list(folder.id)) == [agent.id]
    assert sources_of(client, agent) == ["docs"]
    assert tool_names(client, agent) == tools | FILE_TOOLS


def test_with_its_last_folder_an_agent_loses_the_tools(
    client: Letta, agent: AgentState, folder: Folder
) -> None:
    tools = tool_names(client, agent)
    other = client.folders.create(name="other", embedding=EMBEDDING)
    for one in (folder, other):
        client.agents.folders.attach(one.id, agent_id=agent.id)

    client.agents.folders.detach(folder.id, agent_id=agent.id)
    assert (sources_of(client, agent), tool_names(client, agent)) == (["other"], tools | FILE_TOOLS)
    for _ in range(2):
        client.agents.folders.detach(other.id, agent_id=agent.id)
    assert (sources_of(client, agent), tool_names(client, agent)) == ([], tools)


def test_a_deleted_folder_leaves_its_agents(
    client: Letta, agent: AgentState, folder: Folder
) -> None:
    client.agents.folders.attach(folder.id, agent_id=agent.id)

    client.folders.delete(folder.id)

    assert client.agents.folders.list(agent.id).items == []
    assert tool_names(client, agent) >= FILE_TOOLS
    with pytest.raises(NotFoundError):
        client.folders.retrieve(folder.id)


def test_a_deleted_agent_leaves_its_folders(
    client: Letta, agent: AgentState, folder: Folder
) -> None:
    client.agents.folders.attach(folder.id, agent_id=agent.id)

    client.agents.delete(agent.id)

    assert client.folders.agents.list(folder.id) == []


def test_nothing_is_attached_that_there_is_not(
    client: Letta, agent: AgentState, folder: Folder
) -> None:
    with pytest.raises(NotFoundError, match="Source not found"):
        client.agents.folders.attach(NOTHING, agent_id=agent.id)
    for call in (client.agents.folders.attach, client.agents.folders.detach):
        with pytest.raises(NotFoundError, match="Agent not found"):
            call(folder.id, agent_id=NOBODY)
    with pytest.raises(NotFoundError, match="Agent not found"):
        client.agents.folders.list(NOBODY)
    with pytest.raises(NotFoundError, match=f"Source with ID {NOTHING} not found"):
        client.folders.agents.list(NOTHING)


def test_an_agent_can_be_made_with_folders(client: Letta, folder: Folder) -> None:
    other = client.folders.create(name="other", embedding=EMBEDDING)

    agent = checked(
        client.agents.create(model=MODEL, folder_ids=[folder.id], source_ids=[other.id])
    )

    assert sorted(source.name for source in agent.sources or []) == ["docs", "other"]
    assert tool_names(client, agent) >= FILE_TOOLS
    with pytest.raises(ConflictError, match="no folders"):
        client.agents.create(model=MODEL, folder_ids=[NOTHING])


def test_an_agents_folders_can_be_replaced(client: Letta, folder: Folder) -> None:
    other = client.folders.create(name="other", embedding=EMBEDDING)
    agent = client.agents.create(model=MODEL, folder_ids=[folder.id])

    client.agents.update(agent.id, folder_ids=[other.id])
    assert sources_of(client, agent) == ["other"]
    with pytest.raises(ConflictError, match="no folders"):
        client.agents.update(agent.id, name="Bea", folder_ids=[NOTHING])
    client.agents.update(agent.id, name="Cleo")
    assert (client.agents.retrieve(agent.id).name, sources_of(client, agent)) == ("Cleo", ["other"])
    client.agents.update(agent.id, source_ids=[])
    assert sources_of(client, agent) == []


def test_the_lists_of_folders_and_agents_are_paged(client: Letta) -> None:
    folders = [client.folders.create(name=name, embedding=EMBEDDING).id for name in "abc"]
    agents = [client.agents.create(model=MODEL, folder_ids=folders).id for _ in range(3)]

    listed = client.agents.folders.list(agents[0], order="asc", limit=2, after=folders[0])
    assert [one.id for one in listed.items] == folders[1:]
    assert client.folders.agents.list(folders[0]) == agents[::-1]
    assert client.folders.agents.list(folders[0], limit=1, after=agents[2]) == [agents[1]]


def test_other_clients_are_answered_the_agent(
    mock: MockLetta, agent: AgentState, folder: Folder
) -> None:
    path = f"{mock.base_url}/v1/agents/{agent.id}/folders"

    attached = httpx.patch(f"{path}/attach/{folder.id}").json()
    detached = httpx.patch(f"{path}/detach/{folder.id}").json()

    assert [source["name"] for source in attached["sources"]] == ["docs"]
    assert detached["sources"] == []


async def test_the_async_client_does_the_same(async_client: AsyncLetta) -> None:
    folder = checked(await async_client.folders.create(name="docs", embedding=EMBEDDING))
    agent = await async_client.agents.create(model=MODEL, folder_ids=[folder.id])

    assert [one.id async for one in async_client.agents.folders.list(agent.id)] == [folder.id]
    assert await async_client.folders.agents.list(folder.id) == [agent.id]
    await async_client.folders.delete(folder.id)
    assert [one async for one in async_client.folders.list()] == []


def test_folders_are_counted_and_found_by_name(mock: MockLetta, folder: Folder) -> None:
    with httpx.Client(base_url=f"{mock.base_url}/v1/folders") as http:
        assert http.get("/count").json() == 1
        assert http.get("/name/docs").json() == folder.id
        assert http.get("/name/none").json() == {"detail": "Source with name=none not found."}


def test_an_unknown_file_is_no_cursor(client: Letta, folder: Folder) -> None:
    unknown = "file-00000000-0000-4000-8000-000000000009"
    with pytest.raises(NotFoundError, match=f"No FileMetadata found with id {unknown}"):
        client.folders.files.list(folder.id, after=unknown)
