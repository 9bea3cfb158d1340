"""Folders and files of agents that leave in a file and come back."""

from typing import Any

import pytest
from letta_client import BadRequestError, Letta

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve
from tests.contract.exported import File, exported, imported
from tests.contract.talk import MODEL

EMBEDDING = "openai/text-embedding-3-small"


@pytest.fixture
def mock(serve: Serve) -> MockLetta:
    """A mock whose clock stands still."""
    mock = serve()
    mock.clock.freeze("2026-01-01T00:00:00Z")
    return mock


@pytest.fixture
def file(mock: MockLetta, client: Letta) -> File:
    """The file of an agent with a folder, of whose files one is open in part and one is closed."""
    folder = client.folders.create(name="docs", embedding=EMBEDDING, description="d")
    for name in ("a.txt", "b.txt", "b.txt"):
        client.folders.files.upload(folder.id, file=(name, b"one\ntwo"))
    mock.clock.advance(1)
    agent = client.agents.create(model=MODEL, folder_ids=[folder.id], name="Ada")
    second = client.agents.files.list(agent.id, order="asc").files[1]
    client.agents.files.close(second.file_id, agent_id=agent.id)
    request = {"file_name": "docs/a.txt", "offset": 1, "length": 1}
    client.agents.tools.run("open_files", agent_id=agent.id, args={"file_requests": [request]})
    return exported(client, agent.id)


def held(client: Letta, agent_id: str) -> list[tuple[str, bool]]:
    """An agent's files, and whether they are open."""
    listed = client.agents.files.list(agent_id, order="asc").files
    return [(file.file_name, file.is_open) for file in listed]


def test_folders_and_files_are_in_an_agents_file(file: File) -> None:
    (source,), (agent,) = file["sources"], file["agents"]

    assert (source["id"], source["name"], source["description"]) == ("source-0", "docs", "d")
    assert (source["embedding"], source["embedding_chunk_size"]) == (EMBEDDING, 300)
    assert agent["source_ids"] == ["source-0"]
    assert [(one["id"], one["file_name"], one["content"]) for one in file["files"]] == [
        ("file-0", "docs/a.txt", "one\ntwo"),
        ("file-1", "docs/b.txt", "one\ntwo"),
        ("file-2", "docs/b_(1).txt", "one\ntwo"),
    ]
    assert {one["source_id"] for one in file["files"]} == {"source-0"}
    uses = [(use["file_id"], use["is_open"], use["start_line"]) for use in agent["files_agents"]]
    assert sorted(uses) == [("file-0", True, 2), ("file-1", False, None), ("file-2", True, None)]
    assert {use["agent_id"] for use in agent["files_agents"]} == {agent["id"]}


def test_folders_come_back_with_their_files(client: Letta, file: File) -> None:
    for one in list(client.folders.list()):
        client.folders.delete(one.id)

    copy = imported(client, file)

    (folder,) = client.agents.folders.list(copy.id).items
    assert (folder.name, folder.description) == ("docs", "d")
    assert folder.embedding_config.handle == EMBEDDING
    stored = client.folders.files.list(folder.id, include_content=True, order="asc").items
    assert [(each.file_name, each.content, each.processing_status) for each in stored] == [
        ("a.txt", "one\ntwo", "completed"),
        ("b.txt", "one\ntwo", "completed"),
        ("b_(1).txt", "one\ntwo", "completed"),
    ]
    assert held(client, copy.id) == [
        ("docs/a.txt", True),
        ("docs/b.txt", False),
        ("docs/b_(1).txt", True),
    ]


def test_a_folder_whose_name_is_taken_gets_a_number(client: Letta, file: File) -> None:
    for _ in range(2):
        imported(client, file)

    assert [folder.name for folder in client.folders.list()] == ["docs", "docs_(1)", "docs_(2)"]


def test_a_folder_without_a_model_of_its_own_has_the_agents(client: Letta, file: File) -> None:
    config = file["sources"][0]["embedding_config"]
    file["sources"][0] |= {"embedding_config": None, "embedding": None}
    file["agents"][0]["embedding_config"] = config
    copy = imported(client, file)

    (folder,) = client.agents.folders.list(copy.id).items
    assert folder.embedding_config.handle == EMBEDDING


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sources": []}, "Import failed: 'source-0'"),
        ({"files": []}, "Import failed: 'file-0'"),
    ],
)
def test_a_file_that_lacks_something_is_refused_whole(
    client: Letta, file: File, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(BadRequestError, match=told):
        imported(client, file | changes)

    assert len(client.folders.list().items) == 1
