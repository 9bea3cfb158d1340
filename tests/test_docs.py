"""The README and the pages of docs/ work: each is gone through from its top.

That happens in a directory of its own. A block whose first line is a comment with a file's name
becomes that file. What else is Python is executed, block after block with the same names; commands
are run, and what they print is what the page says, or they succeed. The files of tests are run at
the end, together: pytest takes a second to start. A page talks to a server of its own, at the
address pages show.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockletta import MockLetta
from tests.environment import CHILD_OPTIONS

from .readme import README, ROOT, Example, examples, lines_of

SKILL = ROOT / "skills" / "mockletta" / "SKILL.md"
LINKING = [ROOT / "llms.txt", *sorted((ROOT / "examples").rglob("README.md"))]
PAGES = [README, SKILL, *sorted((ROOT / "docs").glob("*.md"))]
URLS = ("http://localhost:8283", "http://127.0.0.1:8283", "https://api.letta.com")
ELSEWHERE = {"make", "docker", "git", "pip", "uv"}
SDK = ROOT / "tests" / "typescript" / "node_modules"
"""Programs that need what is not here; what their files say is tested in test_recipes."""
OURS = {"mockletta", "pytest"}


class Reader:
    """Someone who goes through a page and does as it says."""

    def __init__(self, directory: Path, base_url: str) -> None:
        self.directory = directory
        self.base_url = base_url
        self.names: dict[str, object] = {"__name__": "__docs__"}
        self.tests: list[str] = []

    def follow(self, example: Example) -> None:
        if example.file is not None:
            self.keep(example.file, example.source)
        elif example.language == "python":
            self.execute(example)
        elif example.language == "sh":
            for command in lines_of(example):
                self.run(command)

    def keep(self, name: str, text: str) -> None:
        file = self.directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.here(text), encoding="utf-8")
        if file.name.startswith("test_") and file.suffix == ".py":
            self.tests.append(name)

    def test(self) -> None:
        """Run the page's files of tests."""
        if self.tests:
            tested = self.started(sys.executable, "-m", "pytest", "-q", *self.tests)
            assert tested.returncode == 0, tested.stdout + tested.stderr

    def execute(self, example: Example) -> None:
        printed = io.StringIO()
        code = compile(self.here(example.source), f"line {example.line}", "exec")
        with contextlib.redirect_stdout(printed):
            exec(code, self.names)
        assert example.is_answered_by(printed.getvalue()), printed.getvalue()

    def run(self, command: Example) -> None:
        program, *words = shlex.split(self.here(command.source), comments=True)
        if program == "mockletta" and words[0] == "serve" and "--exec" not in words:
            return self.serve(words)
        if program in OURS:
            program, words = sys.executable, ["-m", program, *words]
        elif program in ELSEWHERE or needs_npm(command.source):
            return None
        done = self.started(program, *words)
        assert command.is_answered_by(done.stdout), done.stdout + done.stderr
        assert command.printed or done.returncode == 0, done.stdout + done.stderr
        return None

    def serve(self, words: list[str]) -> None:
        """Start a server as the page says, only at another port, and end it again."""
        with subprocess.Popen(
            [sys.executable, "-m", "mockletta", *words, "--port", "0"],
            cwd=self.directory,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as server:
            assert server.stdout is not None
            first_line = server.stdout.readline()
            server.terminate()
        assert first_line.startswith("mockletta at http://"), words

    def started(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.directory,
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def variables(self) -> dict[str, str]:
        """What a reader has set: this Python is the one in the PATH, and all find the server."""
        return {
            "LETTA_API_KEY": "any",
            "LETTA_BASE_URL": self.base_url,
            "MOCKLETTA_URL": self.base_url,
            "NPM_CONFIG_UPDATE_NOTIFIER": "false",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTEST_ADDOPTS": CHILD_OPTIONS,
            "PYTHONPATH": str(ROOT),
        }

    def here(self, source: str) -> str:
        for url in URLS:
            source = source.replace(url, self.base_url)
        return source


def needs_npm(command: str) -> bool:
    """Whether a command needs Node packages that are not here, or would install or pack some."""
    if command.startswith("node "):
        return not SDK.exists()
    if command.startswith(("npm ci", "npm install", "npm pack")):
        return True
    return "npm" in command and shutil.which("npm") is None


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "node_modules").symlink_to(SDK)
    with MockLetta(seed="demo") as mock:
        yield Reader(tmp_path, mock.base_url)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_does_what_it_says(page: Path, reader: Reader) -> None:
    for example in examples(page=page):
        reader.follow(example)
    reader.test()


@pytest.mark.parametrize(
    "page", [*PAGES, *LINKING], ids=lambda page: f"{page.parent.name}-{page.stem}"
)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)(.*?)\)", page.read_text(encoding="utf-8")):
        target, _, anchor = link.partition("#")
        linked = page.parent / target if target else page
        assert linked.exists(), link
        assert not anchor or anchor in anchors_of(linked), link


def anchors_of(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
