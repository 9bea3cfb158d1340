"""The terminal client, Letta Code, in several versions, without a screen.

`make terminal` installs it from npm and from PyPI and runs these tests; elsewhere they are skipped.
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mockletta import MockLetta
from tests.source import ROOT

FOLDER = Path(__file__).parent
CLIENTS = {
    "npm-0.15": ("node", str(FOLDER / "node_modules" / "letta-code-0.15" / "letta.js")),
    "npm-0.25": ("node", str(FOLDER / "node_modules" / "letta-code-0.25" / "letta.js")),
    "pypi-0.34": (str(ROOT / ".venv" / "terminal" / "bin" / "letta"),),
}
INSTALLED = [name for name, command in CLIENTS.items() if Path(command[-1]).exists()]
SECONDS = 90
RUN = "Run the shell command 'echo hi > made.txt'"

Letta = Callable[..., str]

pytestmark = pytest.mark.skipif(not INSTALLED, reason="`make terminal` installs the client")


def place(name: str, command: str, agent: str) -> tuple[str, ...]:
    """Return the options that make a run go on where the one before ended."""
    if command == "messages":
        return "--agent", agent
    return (
        ("--continue",) if name == "npm-0.15" else ("--agent", agent, "--conversation", "default")
    )


@pytest.fixture(params=INSTALLED or ["none"])
def letta(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Letta]:
    """Runs the client in an empty folder against a server of its own; returns what it prints.

    It talks in the default conversation of the server's only agent, once there is one.
    """
    work = tmp_path / "work"
    work.mkdir()
    with MockLetta() as mock, mock.client() as client:
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DISABLE_AUTOUPDATER": "1",
               "LETTA_BASE_URL": mock.base_url, "LETTA_API_KEY": "sk-terminal"}  # fmt: skip

        def run(*words: str) -> str:
            agents = client.agents.list(limit=1).items
            where = place(request.param, words[0], agents[0].id) if agents else ()
            done = subprocess.run(
                [*CLIENTS[request.param], *words, *where], cwd=work, env=env, check=False,
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
            )  # fmt: skip
            return done.stdout.strip()

        yield run


def test_a_word_is_said(letta: Letta) -> None:
    assert letta("-p", "Say 'pineapple'") == "pineapple"


def test_what_was_told_is_recalled_by_the_next_run(letta: Letta) -> None:
    letta("-p", "Hello")
    assert letta("-p", "My name is Greta.") == "Got it: your name is Greta."
    assert letta("-p", "What's my name?") == "Your name is Greta."
    assert "Greta" in letta("messages", "search", "--query", "Greta")


def test_a_command_runs_where_it_is_allowed(letta: Letta, tmp_path: Path) -> None:
    letta("-p", "Hello")
    assert "denied" in letta("--permission-mode", "default", "-p", RUN)
    assert not (tmp_path / "work" / "made.txt").exists()
    assert letta("--yolo", "-p", RUN).startswith("The tool Bash returned")
    assert (tmp_path / "work" / "made.txt").read_text() == "hi\n"


def test_everyday_orders_reach_the_files(letta: Letta, tmp_path: Path) -> None:
    letta("-p", "Hello")
    made = tmp_path / "work" / "hello.txt"
    letta("--yolo", "-p", "create a file hello.txt with hi in it")
    assert made.read_text().strip() == "hi"
    assert "hello.txt" in letta("--yolo", "-p", "list the files here")
    assert "hi" in letta("--yolo", "-p", "what's in hello.txt?")
    letta("--yolo", "-p", "delete hello.txt")
    assert not made.exists()


def test_the_client_tells_where_it_is(letta: Letta, tmp_path: Path) -> None:
    letta("-p", "Hello")
    told = letta("-p", "What is the current working directory?")
    assert str(tmp_path / "work") in told or told.startswith("I don't know")
    assert letta("-p", "What's my name?").startswith("I don't know your name")


def test_a_memory_order_is_remembered_or_declined(letta: Letta) -> None:
    letta("-p", "Hello")
    told = letta("--yolo", "-p", "Remember that I prefer pnpm.")
    assert any(words in told for words in ("updated my memory", "could not update", "no memory"))
    assert letta("-p", "Do I prefer pnpm?") == "Yes, you prefer pnpm."


def test_events_are_printed_as_json(letta: Letta) -> None:
    lines = letta("-p", "Thanks!", "--output-format", "stream-json").splitlines()
    events = [json.loads(line) for line in lines]
    assert {event["type"] for event in events} >= {"system", "message", "result"}
    assert events[-1]["result"] == "You're welcome!"
