"""Folders under their old name, and jobs, for older clients: over plain HTTP."""

from collections.abc import Iterator

import httpx
import pytest
from letta_client import Letta
from letta_client.types import AgentState, Folder

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve

EMBEDDING = "openai/text-embedding-3-small"
NO_JOB = "job-00000000-0000-4000-8000-000000000000"


@pytest.fixture
def mock(serve: Serve) -> MockLetta:
    mock = serve()
    mock.clock.freeze("2026-01-01T00:00:00Z")
    return mock


@pytest.fixture
def http(mock: MockLetta) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{mock.base_url}/v1") as http:
        yield http


@pytest.fixture
def folder(client: Letta) -> Folder:
    return client.folders.create(name="docs", embedding=EMBEDDING)


def test_sources_are_made_shown_changed_and_deleted(http: httpx.Client) -> None:
    made = http.post("/sources/", json={"name": "docs", "embedding": EMBEDDING}).json()
    path = f"/sources/{made['id']}"

    assert (made["name"], made["vector_db_provider"]) == ("docs", "native")
    assert http.get(path).json() == made
    assert http.get("/sources/").json() == [made]
    changed = http.patch(path, json={"name": "papers"}).json()
    assert changed == {**made, "name": "papers"}
    assert http.get("/sources/count").json() == 1
    assert http.get("/sources/name/papers").json() == made["id"]
    assert http.get("/sources/metadata").json()["total_sources"] == 1
    assert http.delete(path).json() is None
    assert http.get("/sources/").json() == []


def test_sources_are_folders(http: httpx.Client, client: Letta, folder: Folder) -> None:
    shown = http.get(f"/sources/{folder.id}").json()

    assert set(shown) - folder.to_dict().keys() == {"vector_db_provider"}
    assert shown["created_at"] == "2026-01-01T00:00:00Z"


def test_an_agents_sources_are_its_folders(
    http: httpx.Client, client: Letta, agent: AgentState, folder: Folder
) -> None:
    path = f"/agents/{agent.id}/sources"

    attached = http.patch(f"{path}/attach/{folder.id}").json()
    assert [source["id"] for source in attached["sources"]] == [folder.id]
    assert [source["id"] for source in http.get(path).json()] == [folder.id]
    assert [one.id for one in client.agents.folders.list(agent.id)] == [folder.id]
    assert http.get(f"/sources/{folder.id}/agents").json() == [agent.id]
    assert http.patch(f"{path}/detach/{folder.id}").json()["sources"] == []


def test_files_of_sources_are_those_of_folders(
    mock: MockLetta, http: httpx.Client, client: Letta, folder: Folder
) -> None:
    path = f"/sources/{folder.id}"
    query = {"name": "b.md"}

    first = http.post(f"{path}/upload", files={"file": ("a.md", b"A")}).json()
    second = http.post(f"{path}/upload", files={"file": ("a.md", b"B")}, params=query).json()
    mock.clock.advance(1)

    assert (first["file_name"], second["file_name"]) == ("docs/a.md", "docs/b.md")
    listed = http.get(f"{path}/files", params={"include_content": True}).json()
    assert [file["content"] for file in listed] == ["A", "B"]
    assert http.get(f"{path}/files", params={"after": first["id"]}).json()[0]["id"] == second["id"]
    assert [one["text"] for one in http.get(f"{path}/passages").json()] == ["A", "B"]
    assert http.get(f"{path}/files/{first['id']}").json()["file_name"] == "a.md"
    assert http.delete(f"{path}/{first['id']}").status_code == 204
    assert [file.id for file in client.folders.files.list(folder.id)] == [second["id"]]


def test_ids_of_sources_are_told_by_their_name(http: httpx.Client) -> None:
    refused = http.get("/sources/nope")

    assert refused.status_code == 422
    assert refused.json()["examples"] == ["source-123e4567-e89b-42d3-8456-426614174000"]


def test_there_are_no_jobs(http: httpx.Client, client: Letta, folder: Folder) -> None:
    client.folders.files.upload(folder.id, file=("a.txt", b"x"))

    assert http.get("/jobs/").json() == http.get("/jobs/active").json() == []
    assert http.get("/jobs/", params={"limit": "x"}).status_code == 422
    for answer in (http.get(f"/jobs/{NO_JOB}"), http.patch(f"/jobs/{NO_JOB}/cancel")):
        assert answer.status_code == 404
        assert answer.json()["detail"].startswith(f"Job not found with id='['{NO_JOB}']'")
    assert http.delete(f"/jobs/{NO_JOB}").json() == {
        "detail": f"Job with id {NO_JOB} does not exist or user does not have access"
    }
    assert http.get("/jobs/nope").status_code == 422
