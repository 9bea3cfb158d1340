"""The tools with which an agent reads its files, and files that its model is shown."""

import pytest
from letta_client import Letta
from letta_client.types import Folder

from mockletta.testing.mock_letta import MockLetta
from mockletta.tools.agent_files import file_grep
from tests.contract.conftest import Serve, checked
from tests.contract.steps import returns
from tests.contract.talk import MODEL, text_of

EMBEDDING = "openai/text-embedding-3-small"
SUPPLIES = "Apples are in the cellar.\nBread is in the kitchen.\nTea is in the cellar too.\n"
CODE = "def tea():\n    return 'green'\n"
NOT_ATTACHED = (
    "tea.py not attached - did you get the filename correct? Currently you have the following "
    "files attached: ['house/supplies.txt', 'house/tea.py']"
)


@pytest.fixture
def mock(serve: Serve) -> MockLetta:
    """A mock whose clock stands still."""
    mock = serve()
    mock.clock.freeze("2026-01-01T00:00:00Z")
    return mock


@pytest.fixture
def folder(mock: MockLetta, client: Letta) -> Folder:
    folder = client.folders.create(name="house", embedding=EMBEDDING)
    for name, text in (("supplies.txt", SUPPLIES), ("tea.py", CODE)):
        client.folders.files.upload(folder.id, file=(name, text.encode()))
    mock.clock.advance(1)
    return folder


@pytest.fixture
def agent(client: Letta, folder: Folder) -> str:
    return client.agents.create(model=MODEL, folder_ids=[folder.id], max_files_open=2).id


def run(client: Letta, agent: str, tool: str, **arguments: object) -> str:
    """What a tool returns to a model."""
    done = checked(client.agents.tools.run(tool, agent_id=agent, args=arguments))
    assert done.status == "success", done.stderr
    return str(done.func_return)


def error(client: Letta, agent: str, tool: str, **arguments: object) -> str:
    done = checked(client.agents.tools.run(tool, agent_id=agent, args=arguments))
    assert done.status == "error"
    return (done.stderr or [""])[0].removeprefix(f"Error executing function {tool}: ValueError: ")


def seen(client: Letta, agent: str) -> dict[str, str]:
    """The open files, and what of them the agent sees."""
    files = client.agents.files.list(agent, is_open=True, order="asc").files
    return {file.file_name: file.visible_content or "" for file in files}


def ids(client: Letta, agent: str) -> dict[str, str]:
    """The ids of an agent's files by their names."""
    return {file.file_name: file.file_id for file in client.agents.files.list(agent).files}


def test_an_agent_opens_part_of_a_file_in_a_turn(
    mock: MockLetta, client: Letta, agent: str
) -> None:
    client.agents.files.close_all(agent)
    request = {"file_name": "house/supplies.txt", "offset": 1, "length": 1}
    mock.when("bread").call("open_files", file_requests=[request]).say("Done.")

    answer = checked(client.agents.messages.create(agent, input="Where is the bread?"))

    assert returns(answer.messages) == [("success", "* Opened house/supplies.txt (lines 2-2)")]
    assert seen(client, agent) == {
        "house/supplies.txt": "[Viewing lines 2 to 2 (out of 3 lines)]\n2: Bread is in the kitchen."
    }
    file = client.agents.files.list(agent, is_open=True).files[0]
    assert (file.start_line, file.end_line) == (2, 2)


def test_opening_tells_what_was_seen_before(client: Letta, agent: str) -> None:
    name = "house/supplies.txt"
    runs = [
        run(client, agent, "open_files", file_requests=[{"file_name": name, **lines}])
        for lines in ({"offset": 1}, {"offset": "0", "length": 9}, {"length": 2}, {})
    ]

    assert runs == [
        f"* Opened {name} (lines 2-end) (previously full file)",
        f"* Opened {name} (lines 1-9) (previously lines 2-end)",
        f"* Opened {name} (previously lines 1-9)",
        f"* Opened {name}",
    ]


def test_opening_files_tells_which_ones_made_way(
    mock: MockLetta, client: Letta, agent: str, folder: Folder
) -> None:
    client.folders.files.upload(folder.id, file=("new.txt", b"News"))
    mock.clock.advance(1)
    new, tea = {"file_name": "house/new.txt"}, {"file_name": "house/tea.py"}
    client.agents.files.close(ids(client, agent)["house/new.txt"], agent_id=agent)
    client.agents.files.open(ids(client, agent)["house/supplies.txt"], agent_id=agent)
    client.agents.files.open(ids(client, agent)["house/tea.py"], agent_id=agent)

    first = run(client, agent, "open_files", file_requests=[new])
    both = run(client, agent, "open_files", file_requests=[tea, new])
    alone = run(client, agent, "open_files", file_requests=[new], close_all_others=True)

    assert first == (
        "* Opened house/new.txt\n"
        "Note: Closed 1 least recently used file(s) due to open file limit: house/supplies.txt"
    )
    assert both == ("* Opened 2 files: house/tea.py, house/new.txt")
    assert alone.endswith("\nNote: Closed 1 file(s) due to close_all_others=True: house/tea.py")
    assert list(seen(client, agent)) == ["house/new.txt"]


@pytest.mark.parametrize(
    ("requests", "told"),
    [
        ([], "No file requests provided"),
        (
            ["x"],
            "Invalid file request type: <class 'str'>. Expected dict or FileOpenRequest.",
        ),
        ([{}], "1 validation error for FileOpenRequest\nfile_name\n  Field required [type="),
        (
            [{"file_name": "x"}] * 3,
            "Cannot open 3 files: exceeds configured maximum limit of 2 files",
        ),
        (
            [{"file_name": "tea.py"}],
            NOT_ATTACHED,
        ),
        (
            [{"file_name": "house/tea.py", "offset": 3}],
            "File house/tea.py has only 2 lines, but requested offset 4 is out of range",
        ),
        (
            [{"file_name": "house/tea.py", "offset": -1}],
            "Offset for file house/tea.py must be >= 0 (0-indexed), got -1",
        ),
        (
            [{"file_name": "house/tea.py", "length": 0}],
            "Length for file house/tea.py must be >= 1, got 0",
        ),
    ],
)
def test_what_cannot_be_opened_changes_nothing(
    client: Letta, agent: str, requests: list[object], told: str
) -> None:
    before = seen(client, agent)

    said = error(client, agent, "open_files", file_requests=requests, close_all_others=True)
    assert told in said
    assert seen(client, agent) == before


def test_files_are_searched_for_an_expression(client: Letta, agent: str) -> None:
    assert run(client, agent, "grep_files", pattern="TEA|apples") == (
        f"Found 3 total matches across 2 files (showing matches 1-3 of 3)\n{'=' * 80}\n\n"
        "Files with matches:\n  - house/supplies.txt: 2 matches\n  - house/tea.py: 1 matches\n\n\n"
        "=== house/supplies.txt:1 ===\n"
        "> 1: Apples are in the cellar.\n"
        "  2: Bread is in the kitchen.\n\n"
        "=== house/supplies.txt:3 ===\n"
        "  2: Bread is in the kitchen.\n"
        "> 3: Tea is in the cellar too.\n\n"
        "=== house/tea.py:1 ===\n"
        "> 1: def tea():\n"
        "  2:     return 'green'\n\n"
        "No more matches to show."
    )


def test_a_search_can_be_for_some_files_and_without_context(client: Letta, agent: str) -> None:
    found = run(client, agent, "grep_files", pattern=r"r\w+n '", include=r"\.py$", context_lines=0)

    assert found == (
        f"Found 1 total matches across 1 files (showing matches 1-1 of 1)\n{'=' * 80}\n\n"
        "Files with matches:\n  - house/tea.py: 1 matches\n\n\n"
        "=== house/tea.py:2 ===\n> 2:     return 'green'\n\nNo more matches to show."
    )


def test_a_search_without_matches_says_so(client: Letta, agent: str) -> None:
    def grep(**arguments: object) -> str:
        return run(client, agent, "grep_files", **arguments)

    assert grep(pattern="milk") == "No matches found for pattern: 'milk'"
    assert grep(pattern="x", include="py") == (
        "No matches found for pattern: 'x' in files matching 'py'"
    )
    assert grep(pattern="x", include="odt") == (
        "No files match the filename pattern 'odt' (filtered 2 files)"
    )
    assert grep(pattern="tea", offset=9).startswith(
        "Found 2 total matches across 2 files (showing matches 10-2 of 2)"
    )


@pytest.mark.parametrize("include", ["*.py", "house/*.p?", r"\.py$", "PY"])
def test_names_are_chosen_by_a_glob_or_an_expression(
    client: Letta, agent: str, include: str
) -> None:
    found = run(client, agent, "grep_files", pattern="a", include=include)
    assert "house/tea.py: 1 matches" in found
    assert "supplies" not in found


def test_many_matches_are_shown_in_pages(
    mock: MockLetta, client: Letta, agent: str, folder: Folder
) -> None:
    lines = "".join(f"line {number}\n" for number in range(25))
    client.folders.files.upload(folder.id, file=("many.txt", lines.encode()))
    mock.clock.advance(1)

    first = run(client, agent, "grep_files", pattern="line", context_lines=0)
    rest = run(client, agent, "grep_files", pattern="line", context_lines=0, offset=20)

    assert first.endswith('To see more matches, call: grep_files(pattern="line", offset=20)')
    assert "(showing matches 21-25 of 25)" in rest
    assert "25 matches\n\n\n=== house/many.txt:21 ===\n> 21: line 20" in rest


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (" ", "Empty search pattern provided"),
        ("x" * 1_001, "Pattern too complex: 1001 chars (max 1000)"),
        (
            "((a{1000}){1000})",
            "Pattern too complex: it is too large: more than 5000 steps",
        ),
        ("(", "Invalid regex pattern: missing ), unterminated subpattern at position 0"),
        ("[[:alpha:]", "Invalid regex pattern: unterminated character set at position 10"),
    ],
)
def test_a_bad_expression_is_refused(client: Letta, agent: str, pattern: str, told: str) -> None:
    assert error(client, agent, "grep_files", pattern=pattern) == told
    assert error(client, agent, "grep_files", pattern="x", include="(").startswith("Invalid")


def test_a_search_that_would_not_end_is_stopped(
    mock: MockLetta,
    client: Letta,
    agent: str,
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(file_grep, "SECONDS", 0.05)
    client.folders.files.upload(folder.id, file=("evil.txt", b"a" * 5_000 + b"!"))
    mock.clock.advance(1)

    told = error(client, agent, "grep_files", pattern="^(a|aa)+$")

    assert told == "Search took longer than 0.05 s; use a simpler pattern"


def test_files_are_searched_by_words(client: Letta, agent: str) -> None:
    found = run(client, agent, "semantic_search_files", query="where is the bread?")

    lines = "".join(f"\n  {line}" for line in SUPPLIES.strip().splitlines())
    assert found == (
        f"Found 1 semantic matches in 1 files for query: 'where is the bread?'\n{'=' * 68}\n\n"
        f"=== house/supplies.txt (passage #1) ==={lines}"
    )
    assert run(client, agent, "semantic_search_files", query="quantum", limit=3) == (
        "No semantic matches found in attached files for query: 'quantum'"
    )
    assert error(client, agent, "semantic_search_files", query=" ") == (
        "Empty search query provided"
    )


def test_an_agent_without_files_has_nothing_to_search(client: Letta, folder: Folder) -> None:
    tools = ["grep_files", "semantic_search_files"]
    agent = client.agents.create(model=MODEL, tools=tools).id

    assert run(client, agent, "grep_files", pattern="x") == (
        "No files are currently attached to search"
    )
    assert run(client, agent, "semantic_search_files", query="x") == (
        "No files are currently attached to search"
    )


def test_what_was_found_is_the_last_to_be_closed(
    mock: MockLetta, client: Letta, agent: str, folder: Folder
) -> None:
    client.folders.files.upload(folder.id, file=("new.txt", b"News"))
    mock.clock.advance(1)
    run(client, agent, "grep_files", pattern="green")

    run(client, agent, "open_files", file_requests=[{"file_name": "house/supplies.txt"}])

    assert list(seen(client, agent)) == ["house/supplies.txt", "house/tea.py"]


def test_the_default_brain_answers_from_open_files(client: Letta, agent: str) -> None:
    def asked(text: str) -> str:
        return text_of(client.agents.messages.create(agent, input=text).messages)

    assert asked("Where is the bread?") == "Bread is in the kitchen."
    client.agents.files.close_all(agent)
    client.agents.messages.reset(agent)
    assert asked("Where is the bread?").startswith("I don't know")
