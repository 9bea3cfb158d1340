"""The GitHub action, whose steps run here, and the release workflow."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.environment import needs_program

from .dockerfile import instructions
from .readme import ROOT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
RELEASE: dict[str, Any] = yaml.safe_load(
    (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
)


class Runner:
    """Runs the steps of the action as GitHub's runner does, with files for what they set."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]

    def step(self, name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        files = {
            name: str(self.directory / name)
            for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")
        }
        given = {f"INPUT_{key.upper()}": value for key, value in inputs.items()}
        state = {f"STATE_{key}": value for key, value in self.noted("GITHUB_STATE").items()}
        own = {"MOCKLETTA_ACTION_PYTHON": sys.executable, "RUNNER_TEMP": str(self.directory)}
        return subprocess.run(
            ["node", str(ROOT / ACTION["runs"][name])],
            env={**os.environ, **files, **given, **state, **own},
            capture_output=True,
            text=True,
            check=False,
        )

    def noted(self, name: str) -> dict[str, str]:
        file = self.directory / name
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return {key: value for key, _, value in (line.partition("=") for line in lines)}


def wait_until_refused(url: str) -> None:
    """Wait until the process of a server has ended."""
    with suppress(httpx.TransportError):
        while True:
            httpx.get(url)


@needs_program("node")
def test_the_action_starts_a_server_and_reports_what_it_was_sent(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    started = runner.step("main", port=str(runner.port), seed="demo", options="--tool-calls 'x'")
    assert started.returncode == 1
    assert "No such option" in started.stdout
    started = runner.step("main", port=str(runner.port), seed="demo", options="--ttft '1 ms'")
    assert started.returncode == 0, started.stdout + started.stderr

    url = runner.noted("GITHUB_ENV")["LETTA_BASE_URL"]
    assert len(httpx.get(f"{url}/v1/agents/").json()) == 2
    reported = runner.step("post")
    assert reported.returncode == 0, reported.stderr
    assert "agents.list" in reported.stdout
    assert "mockletta" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8")
    wait_until_refused(url)


def test_every_input_of_the_action_is_read() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "action").iterdir())

    for name in ACTION["inputs"]:
        assert f'"{name}"' in text or f"INPUT_{name.upper()}" in text, name


def test_the_release_builds_the_image_with_arguments_that_it_has() -> None:
    steps = [step["with"] for step in RELEASE["jobs"]["image"]["steps"] if "with" in step]
    [given] = [one["build-args"] for one in steps if "build-args" in one]

    assert given.split("=")[0] in {one.split("=")[0] for one in instructions("ARG")}


def test_jobs_of_the_release_use_targets_and_files_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = [
        step["run"] for job in RELEASE["jobs"].values() for step in job["steps"] if "run" in step
    ]

    assert ".ci/run" in commands
    assert {"needs": "check"}.items() <= RELEASE["jobs"]["python"].items()
    for command in commands:
        if command.startswith("make "):
            assert f"\n{command.split()[1]}:" in makefile, command
