"""Ids and cursors that name nothing: what each operation makes of them, as recorded."""

from collections.abc import Iterator

import httpx
import pytest

from mockletta.testing.mock_letta import MockLetta
from tests.contract.talk import MODEL

NOBODY = "00000000-0000-4000-8000-000000000009"


class Rows:
    """A server with an agent, a block, an archive with a passage, a folder and an identity."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        embedding = {"embedding": "openai/text-embedding-3-small"}
        self.block = self.make("/v1/blocks/", label="human", value="H")
        self.agent = self.make("/v1/agents/", model=MODEL, block_ids=[self.block], **embedding)
        self.archive = self.make("/v1/archives/", name="A", **embedding)
        self.passage = self.make(f"/v1/archives/{self.archive}/passages", text="T")
        self.folder = self.make("/v1/folders/", name="F", **embedding)
        who = {"name": "N", "identifier_key": "K", "identity_type": "user"}
        self.identity = self.make("/v1/identities/", **who)

    def make(self, path: str, **body: object) -> str:
        return str(self.client.post(path, json=body).raise_for_status().json()["id"])

    def ask(self, method: str, path: str) -> tuple[int, object]:
        answer = self.client.request(method, path.format(**vars(self), nobody=NOBODY))
        body = answer.json() if answer.content else None
        return answer.status_code, body.get("detail", body) if isinstance(body, dict) else body


@pytest.fixture(scope="module")
def rows() -> Iterator[Rows]:
    with MockLetta(profile="open") as mock, httpx.Client(base_url=mock.base_url) as client:
        yield Rows(client)


def malformed(noun: str) -> str:
    return f"INVALID_ARGUMENT: Invalid {noun} ID format: x. Expected format: '{noun}-<uuid4>'"


@pytest.mark.parametrize("verb", ["attach", "detach"])
@pytest.mark.parametrize(
    ("path", "noun"),
    [
        ("/v1/agents/{agent}/archives/VERB/x", "archive"),
        ("/v1/agents/{agent}/identities/VERB/x", "identity"),
        ("/v1/blocks/{block}/identities/VERB/x", "identity"),
    ],
)
def test_a_malformed_id_of_an_attached_row_is_a_400(
    rows: Rows, path: str, noun: str, verb: str
) -> None:
    assert rows.ask("PATCH", path.replace("VERB", verb)) == (400, malformed(noun))


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/v1/archives/?agent_id=x", (400, malformed("agent"))),
        ("/v1/archives/archive-{nobody}/agents", (200, [])),
        ("/v1/folders/{folder}/agents?after=x", (404, "No Agent found with id x")),
        ("/v1/identities/{identity}/agents?before=x", (404, "No Agent found with id x")),
        ("/v1/identities/{identity}/blocks?after=x", (404, "No Block found with id x")),
        ("/v1/folders/{folder}/passages?after=x", (200, [])),
        ("/v1/agents/{agent}/archival-memory?after=x", (200, [])),
        ("/v1/jobs/?before=x", (400, "Job with id x not found")),
        ("/v1/jobs/active?after=x", (400, "Job with id x not found")),
        ("/v1/messages/batches?after=x", (400, "Job with id x not found")),
        ("/v1/agents/{agent}/messages?conversation_id=", (200, [])),
        ("/v1/agents/count?identity_id=", (200, 1)),
        ("/v1/blocks/?description_search=%25&label=nothing", (200, [])),
    ],
)
def test_lists_name_or_ignore_what_is_unknown(
    rows: Rows, path: str, answer: tuple[int, object]
) -> None:
    assert rows.ask("GET", path) == answer


@pytest.mark.parametrize(
    "path",
    [
        "/v1/agents/{agent}/core-memory/blocks",
        "/v1/agents/{agent}/tools",
        "/v1/blocks/{block}/agents",
    ],
)
def test_a_limit_of_zero_lists_all(rows: Rows, path: str) -> None:
    assert rows.ask("GET", f"{path}?limit=0") == rows.ask("GET", f"{path}?limit=1000")


def test_ten_tools_of_an_agent_are_listed_by_default(rows: Rows) -> None:
    base = [one["id"] for one in rows.client.get("/v1/tools/").json()]
    agent = rows.make("/v1/agents/", model=MODEL, tool_ids=base[:12])
    assert len(rows.client.get(f"/v1/agents/{agent}/tools").json()) == 10


def test_an_unknown_folder_is_detached_without_error(rows: Rows) -> None:
    path = f"/folders/detach/source-{NOBODY}"
    assert rows.ask("PATCH", f"/v1/agents/{{agent}}{path}")[0] == 200
    assert rows.ask("PATCH", f"/v1/agents/agent-{NOBODY}{path}") == (404, "Agent not found")


def test_a_passage_is_not_deleted_through_another_archive(rows: Rows) -> None:
    other = rows.make("/v1/archives/", name="B", embedding="openai/text-embedding-3-small")
    belongs = f"Passage {rows.passage} does not belong to archive {other}"
    path = f"/v1/archives/{other}/passages/{{passage}}"
    assert rows.ask("DELETE", path) == (400, belongs)


@pytest.mark.parametrize("place", [{"agent_id": "x"}, {"archive_id": "x"}])
def test_an_unknown_place_is_refused_only_with_a_query(rows: Rows, place: dict[str, str]) -> None:
    search = "/v1/passages/search"
    assert rows.client.post(search, json=place).json() == []
    assert rows.client.post(search, json={**place, "query": "T"}).status_code == 404
