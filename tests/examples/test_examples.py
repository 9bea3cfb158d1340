"""The example apps in Python: their own tests pass, as their pages say."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import CHILD_OPTIONS
from tests.readme import ROOT, commands

EXAMPLES = ROOT / "examples"


def run(directory: str, *command: str) -> None:
    """Run a command in the directory of an example."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTEST_ADDOPTS": CHILD_OPTIONS,
    }
    done = subprocess.run(
        command,
        cwd=EXAMPLES / directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_chat_service_passes_its_tests() -> None:
    run("chat-service", sys.executable, "-m", "pytest", "-q")


def test_parallel_workers_share_one_server() -> None:
    page = EXAMPLES / "shared-mock" / "README.md"
    [command] = commands(page)

    run("shared-mock", *shlex.split(command.source))


@pytest.mark.parametrize("name", [path.name for path in EXAMPLES.iterdir() if path.is_dir()])
def test_every_example_is_listed(name: str) -> None:
    assert f"({name}/README.md)" in (EXAMPLES / "README.md").read_text(encoding="utf-8")
