"""The files of an agent's folders: which are open, and what of them the agent sees."""

import json
from typing import Any

import pytest
from letta_client import AsyncLetta, BadRequestError, Letta, NotFoundError
from letta_client.types import AgentState, CreateBlockParam, Folder
from letta_client.types.agents import FileListResponse

from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import Serve, checked
from tests.contract.talk import MODEL

pytestmark = pytest.mark.anyio
EMBEDDING = "openai/text-embedding-3-small"
NO_FILE = "file-00000000-0000-4000-8000-000000000000"
NOBODY = "agent-00000000-0000-4000-8000-000000000000"
WARNING = "...[TRUNCATED]\n# NOTE: This block is truncated, use functions to view the full content."


@pytest.fixture
def mock(serve: Serve) -> MockLetta:
    """A mock whose clock stands still."""
    mock = serve()
    mock.clock.freeze("2026-01-01T00:00:00Z")
    return mock


@pytest.fixture
def folder(mock: MockLetta, client: Letta) -> Folder:
    """A folder with three files, a.txt, b.txt and c.txt, each with two lines."""
    folder = client.folders.create(name="docs", embedding=EMBEDDING)
    for name in "abc":
        put(client, folder, f"{name}.txt", f"{name} first\n\n  {name} second\n")
    mock.clock.advance(1)
    return folder


def put(client: Letta, folder: Folder, name: str, text: str) -> str:
    return client.folders.files.upload(folder.id, file=(name, text.encode())).id


def reader(client: Letta, *folders: Folder, most: int = 10, window: int = 25_000) -> AgentState:
    """An agent that has folders."""
    return client.agents.create(
        model=MODEL,
        folder_ids=[folder.id for folder in folders],
        max_files_open=most,
        per_file_view_window_char_limit=window,
    )


def files(client: Letta, agent: AgentState, **query: object) -> list[FileListResponse]:
    return checked(client.agents.files.list(agent.id, **query)).files  # type: ignore[arg-type]


def opened(client: Letta, agent: AgentState) -> list[str]:
    return [file.file_name for file in files(client, agent, order="asc", is_open=True)]


def ids(client: Letta, agent: AgentState) -> dict[str, str]:
    return {file.file_name: file.file_id for file in files(client, agent)}


def test_the_files_of_a_folder_are_open_once_it_is_attached(
    mock: MockLetta, client: Letta, folder: Folder
) -> None:
    agent = reader(client, folder)

    file = files(client, agent)[-1]

    assert opened(client, agent) == ["docs/a.txt", "docs/b.txt", "docs/c.txt"]
    assert (file.file_name, file.folder_id, file.folder_name) == ("docs/a.txt", folder.id, "docs")
    assert (file.start_line, file.end_line) == (None, None)
    assert file.last_accessed_at == mock.clock.now()
    assert file.visible_content == (
        "[Viewing file start (out of 2 lines)]\n1: a first\n2: a second"
    )


def test_no_more_files_are_open_than_the_agent_may_have(client: Letta, folder: Folder) -> None:
    agent = reader(client, folder, most=2)

    closed = files(client, agent, is_open=False)

    assert opened(client, agent) == ["docs/a.txt", "docs/b.txt"]
    assert [(file.file_name, file.visible_content) for file in closed] == [("docs/c.txt", None)]


def test_opening_a_file_closes_the_least_recently_used(
    mock: MockLetta, client: Letta, folder: Folder
) -> None:
    agent = reader(client, folder, most=2)
    by_name = ids(client, agent)
    mock.clock.advance(60)

    closed = [
        checked(client.agents.files.open(by_name[f"docs/{name}.txt"], agent_id=agent.id))
        for name in ("a", "c", "b")
    ]

    assert closed == [[], ["docs/b.txt"], ["docs/a.txt"]]
    assert opened(client, agent) == ["docs/b.txt", "docs/c.txt"]
    assert files(client, agent)[0].last_accessed_at == mock.clock.now()


def test_an_agent_that_may_have_no_file_open_has_one_at_a_time(
    client: Letta, folder: Folder
) -> None:
    agent = reader(client, folder, most=0)
    first, second, _ = ids(client, agent).values()
    assert opened(client, agent) == []

    client.agents.files.open(first, agent_id=agent.id)
    client.agents.files.open(second, agent_id=agent.id)

    assert opened(client, agent) == ["docs/b.txt"]


def test_files_are_closed_one_by_one_or_all_at_once(client: Letta, folder: Folder) -> None:
    agent = reader(client, folder)
    file_id = ids(client, agent)["docs/b.txt"]

    for _ in range(2):
        answer = client.agents.files.close(file_id, agent_id=agent.id)
        assert answer == {"message": f"File id={file_id} successfully closed"}
    assert opened(client, agent) == ["docs/a.txt", "docs/c.txt"]
    assert checked(client.agents.files.close_all(agent.id)) == ["docs/a.txt", "docs/c.txt"]
    assert (opened(client, agent), client.agents.files.close_all(agent.id)) == ([], [])


def test_a_file_that_the_agent_has_not_is_a_404(client: Letta, folder: Folder) -> None:
    agent, other = reader(client, folder), reader(client)
    file_id = ids(client, agent)["docs/a.txt"]

    with pytest.raises(NotFoundError, match=f"File with id={NO_FILE} not found"):
        client.agents.files.open(NO_FILE, agent_id=agent.id)
    with pytest.raises(BadRequestError, match=f"Agent {NOBODY} not found"):
        client.agents.files.open(file_id, agent_id=NOBODY)
    with pytest.raises(NotFoundError, match=r"FileAgent\(agent_id="):
        client.agents.files.close(file_id, agent_id=other.id)
    assert (files(client, other), client.agents.files.close_all(NOBODY)) == ([], [])
    assert checked(client.agents.files.list(NOBODY)).files == []


def test_a_file_of_another_folder_is_added_when_it_is_opened(client: Letta, folder: Folder) -> None:
    file_id = ids(client, reader(client, folder))["docs/a.txt"]
    other = reader(client)

    assert client.agents.files.open(file_id, agent_id=other.id) == []

    assert [(one.file_name, one.is_open) for one in files(client, other)] == [("docs/a.txt", True)]
    assert client.agents.files.close_all(other.id) == ["docs/a.txt"]


def test_a_file_that_is_closed_by_itself_is_still_shown(client: Letta, folder: Folder) -> None:
    agent = reader(client, folder)
    file_id = ids(client, agent)["docs/c.txt"]

    client.agents.files.close(file_id, agent_id=agent.id)
    assert files(client, agent)[0].visible_content is not None
    client.agents.files.open(file_id, agent_id=agent.id)
    client.agents.files.close_all(agent.id)
    assert files(client, agent)[0].visible_content is None


def test_a_file_is_opened_once_more_with_its_folder(client: Letta, folder: Folder) -> None:
    agent = reader(client)
    file_id = client.folders.files.list(folder.id).items[1].id
    client.agents.files.open(file_id, agent_id=agent.id)
    client.agents.files.close(file_id, agent_id=agent.id)

    client.agents.folders.attach(folder.id, agent_id=agent.id)

    assert sorted(opened(client, agent)) == ["docs/a.txt", "docs/b.txt", "docs/c.txt"]


def test_an_upload_is_opened_in_place_of_the_least_recently_used(
    mock: MockLetta, client: Letta, folder: Folder
) -> None:
    agent = reader(client, folder, most=2)
    put(client, folder, "d.txt", "d")
    mock.clock.advance(1)
    assert opened(client, agent) == ["docs/b.txt", "docs/d.txt"]


def test_nothing_is_shown_of_an_open_file_without_text(mock: MockLetta, client: Letta) -> None:
    folder = client.folders.create(name="docs", embedding=EMBEDDING)
    put(client, folder, "a.txt", "")
    mock.clock.advance(1)
    [file] = files(client, reader(client, folder))
    assert (file.is_open, file.visible_content) == (True, "")


def test_nothing_comes_after_an_unknown_cursor(client: Letta, folder: Folder) -> None:
    agent = reader(client, folder)
    page = checked(client.agents.files.list(agent.id, cursor="x"))
    assert (page.files, page.next_cursor, page.has_more) == ([], None, False)


def test_an_agent_sees_so_many_characters_of_a_file(client: Letta, folder: Folder) -> None:
    agent = reader(client, folder, window=len(WARNING) - 10)
    file_id = files(client, agent)[0].file_id
    whole = "[Viewing file start (out of 2 lines)]\n1: c first\n2: c second"
    assert files(client, agent)[0].visible_content == whole

    client.agents.files.open(file_id, agent_id=agent.id)
    assert files(client, agent)[0].visible_content == whole
    client.agents.update(agent.id, per_file_view_window_char_limit=50)
    assert files(client, agent)[0].visible_content == whole[: 50 - len(WARNING)] + WARNING
    client.agents.update(agent.id, per_file_view_window_char_limit=10)
    assert files(client, agent)[0].visible_content == WARNING


def test_a_long_file_is_cut_and_says_so(mock: MockLetta, client: Letta) -> None:
    folder = client.folders.create(name="docs", embedding=EMBEDDING)
    put(client, folder, "a.txt", "x" * 1_000)
    mock.clock.advance(1)
    agent = reader(client, folder, window=200)

    client.agents.files.open(files(client, agent)[0].file_id, agent_id=agent.id)
    seen = files(client, agent)[0].visible_content or ""

    assert seen == f"[Viewing file start (out of 1 lines)]\n1: {'x' * 1_000}"[:113] + WARNING
    assert len(seen) == 200


def test_lines_of_code_keep_their_indentation(mock: MockLetta, client: Letta) -> None:
    folder = client.folders.create(name="src", embedding=EMBEDDING)
    put(client, folder, "a.py", "def f():\n    return 1  \n")
    mock.clock.advance(1)
    agent = reader(client, folder)

    assert files(client, agent)[0].visible_content == (
        "[Viewing file start (out of 2 lines)]\n1: def f():\n2:     return 1"
    )


def test_a_file_uploaded_later_comes_once_it_is_processed(
    mock: MockLetta, client: Letta, folder: Folder
) -> None:
    agent = reader(client, folder)
    file_id = put(client, folder, "d.txt", "d")
    client.agents.files.open(file_id, agent_id=agent.id)
    assert len(files(client, agent)) == 3

    mock.clock.advance(1)

    assert opened(client, agent)[-1] == "docs/d.txt"


def test_files_leave_with_their_folder(client: Letta, folder: Folder) -> None:
    agent = reader(client, folder)
    file_id = ids(client, agent)["docs/b.txt"]

    client.folders.files.delete(file_id, folder_id=folder.id)
    assert opened(client, agent) == ["docs/a.txt", "docs/c.txt"]
    client.agents.folders.detach(folder.id, agent_id=agent.id)
    assert files(client, agent) == []
    client.agents.folders.attach(folder.id, agent_id=agent.id)
    client.folders.delete(folder.id)
    assert files(client, agent) == []


def test_a_deleted_agent_leaves_the_files(client: Letta, folder: Folder) -> None:
    agent, other = reader(client, folder), reader(client, folder)

    client.agents.delete(agent.id)

    assert files(client, agent) == []
    assert len(files(client, other)) == len(client.folders.files.list(folder.id).items) == 3


def test_the_pages_of_files_have_a_shape_of_their_own(client: Letta, folder: Folder) -> None:
    agent = reader(client, folder)

    first = checked(client.agents.files.list(agent.id, limit=2))
    rest = checked(client.agents.files.list(agent.id, limit=2, after=first.next_cursor))
    older = client.agents.files.list(agent.id, cursor=first.next_cursor)

    assert [file.file_name for file in first.files] == ["docs/c.txt", "docs/b.txt"]
    assert (first.has_more, first.next_cursor) == (True, first.files[-1].id)
    assert [file.file_name for file in rest.files] == ["docs/a.txt"]
    assert (rest.has_more, rest.files, older.files) == (False, older.files, rest.files)
    assert [file.file_name[5] for file in client.agents.files.list(agent.id, limit=1)] == [
        "c",
        "b",
        "a",
    ]


def test_pages_go_backwards_and_know_the_ids_of_files(client: Letta, folder: Folder) -> None:
    agent = reader(client, folder)
    by_name = ids(client, agent)

    def page(**query: object) -> tuple[str, bool | None]:
        page = client.agents.files.list(agent.id, order="asc", **query)  # type: ignore[arg-type]
        return "".join(file.file_name[5] for file in page.files), page.has_more

    assert page(before=by_name["docs/c.txt"]) == ("ab", False)
    assert page(before=by_name["docs/c.txt"], limit=1) == ("b", True)
    assert page(after=by_name["docs/a.txt"], limit=1) == ("b", True)
    assert page(limit=0) == ("", True)


async def test_the_async_client_does_the_same(
    mock: MockLetta, client: Letta, async_client: AsyncLetta, folder: Folder
) -> None:
    agent = reader(client, folder, most=1)
    names = [file.file_name async for file in async_client.agents.files.list(agent.id, limit=1)]
    file_id = ids(client, agent)["docs/c.txt"]

    assert names == ["docs/c.txt", "docs/b.txt", "docs/a.txt"]
    assert await async_client.agents.files.open(file_id, agent_id=agent.id) == ["docs/a.txt"]
    await async_client.agents.files.close(file_id, agent_id=agent.id)
    assert await async_client.agents.files.close_all(agent.id) == []


def test_memory_shows_files_as_blocks(client: Letta, folder: Folder) -> None:
    agent = reader(client, folder, most=1)

    memory = checked(client.agents.retrieve(agent.id, include=["agent.blocks"])).memory

    assert [(block.label, block.is_open) for block in memory.file_blocks or []] == [
        ("docs/a.txt", True),
        ("docs/b.txt", False),
        ("docs/c.txt", False),
    ]
    first, second, _ = memory.file_blocks or []
    assert first.value == files(client, agent)[-1].visible_content
    assert (first.read_only, first.limit, first.source_id) == (True, 25_000, folder.id)
    assert second.value == ""
    assert client.agents.retrieve(agent.id).memory.file_blocks == []


def test_the_system_message_shows_folders_and_files(client: Letta, folder: Folder) -> None:
    client.folders.update(folder.id, description="Papers", instructions="Read them")
    empty = client.folders.create(name="empty", embedding=EMBEDDING)
    agent = reader(client, folder, empty, most=1)

    text = json.loads(client.agents.recompile(agent.id, dry_run=True))

    section = text[text.index("<directories>") : text.index("</directories>")]
    assert section.startswith(
        "<directories>\n<file_limits>\n- current_files_open=1\n- max_files_open=1\n</file_limits>\n"
        '<directory name="docs">\n<description>Papers</description>\n'
        "<instructions>Read them</instructions>\n"
        '<file status="open" name="docs/a.txt">\n<metadata>\n- read_only=true\n'
        "- chars_current=60\n- chars_limit=25000\n</metadata>\n"
        "<value>\n[Viewing file start (out of 2 lines)]\n1: a first\n2: a second\n</value>\n"
        '</file>\n<file status="closed" name="docs/b.txt">\n<metadata>\n- read_only=true\n'
        "- chars_current=0\n- chars_limit=25000\n</metadata>\n</file>\n"
    )
    assert section.endswith('</file>\n</directory>\n<directory name="empty">\n</directory>\n')
    assert "<directories>" not in client.agents.recompile(reader(client).id)


@pytest.mark.parametrize("blocks", [[], [{"label": "human", "value": "H"}]])
def test_the_overview_of_a_context_counts_folders_apart(
    client: Letta, folder: Folder, blocks: list[CreateBlockParam]
) -> None:
    agent = client.agents.create(model=MODEL, folder_ids=[folder.id], memory_blocks=blocks)

    seen = client.get(f"/v1/agents/{agent.id}/context", cast_to=dict[str, Any])

    assert seen["directories"].startswith("<directories>\n<file_limits>")
    assert seen["directories"].endswith("</directory>\n</directories>")
    assert seen["num_tokens_directories"] == (len(seen["directories"]) + 3) // 4
    assert seen["core_memory"].endswith("</memory_blocks>" if blocks else "")
    assert "<directories>" not in seen["core_memory"]
    sizes = [value for name, value in seen.items() if name.startswith("num_tokens_")]
    assert seen["context_window_size_current"] == sum(sizes)
    assert seen["messages"][0]["content"][0]["text"].count(seen["directories"]) == 1
