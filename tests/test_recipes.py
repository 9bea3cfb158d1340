"""What the recipes say to docker-compose and GitHub Actions, held up without them."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from mockletta import MockLetta
from mockletta.commands.serve import serve

from .commands.running import run as command
from .dockerfile import entrypoint, instructions, is_accepted
from .readme import ROOT, examples

PAGE = ROOT / "docs" / "recipes.md"
FILES = {example.file: example.source for example in examples(page=PAGE) if example.file}
COMPOSE = "compose.yaml"
WORKFLOW = ".github/workflows/tests.yaml"
WITH_ACTION = ".github/workflows/action.yaml"
TESTS = "test_service.py"
RUN_BY_THE_PAGE = {"load.py", "support.test.mjs"}
"""Files that the page's own commands run: see test_docs."""


def read(name: str) -> dict[str, Any]:
    content = yaml.safe_load(FILES[name])
    assert isinstance(content, dict)
    return content


def variables(**more: str) -> dict[str, str]:
    """An environment in which this Python, its programs and this package come first."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **more}


@contextmanager
def container(arguments: list[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Run what the image would, at any free port; its address on this machine."""
    command = [*entrypoint(), *arguments, "--port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        env=variables(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[2]
        finally:
            process.terminate()


def run(line: str, directory: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-e", "-c", line],
        cwd=directory,
        env=variables(**environment),
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_file_of_the_page_is_held_up_somewhere() -> None:
    tests = {name for name in FILES if Path(name).name.startswith("test_")}
    assert tests | RUN_BY_THE_PAGE | {COMPOSE, WORKFLOW, WITH_ACTION} == set(FILES)


def test_the_compose_service_is_the_image_with_arguments_it_takes() -> None:
    service = read(COMPOSE)["services"]["letta"]
    assert f"image: {service['image']} # docker build -t {service['image']} .\n" in FILES[COMPOSE]
    assert is_accepted([*entrypoint(), *service["command"]])
    assert [port.split(":")[1] for port in service["ports"]] == instructions("EXPOSE")


def test_the_compose_service_gets_healthy() -> None:
    service = read(COMPOSE)["services"]["letta"]
    with container(service["command"], {}) as url:
        assert command("wait", "--url", url, "--timeout", "2").exit_code == 0


def test_the_apps_container_waits_for_the_service_and_finds_it() -> None:
    services = read(COMPOSE)["services"]
    app = services["tests"]
    assert app["depends_on"] == {"letta": {"condition": "service_healthy"}}
    assert instructions("HEALTHCHECK")
    assert app["environment"]["LETTA_BASE_URL"] == f"http://letta:{instructions('EXPOSE')[0]}"
    [up] = [one.source for one in examples("sh", page=PAGE) if "docker compose" in one.source]
    token = services["letta"]["command"][-1]
    assert up == (
        f"docker compose up --exit-code-from tests\nmockletta journal --admin-token {token}\n"
    )


def test_the_action_is_used_with_inputs_and_options_that_it_has() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = read(WITH_ACTION)["jobs"]["tests"]["steps"]
    [given] = [step["with"] for step in steps if "mockletta" in step.get("uses", "")]
    assert given.keys() <= action["inputs"].keys()
    assert is_accepted(["mockletta", "serve", *given["options"].split()])


def test_the_workflows_service_listens_where_its_steps_look() -> None:
    job = read(WORKFLOW)["jobs"]["tests"]
    service = job["services"]["letta"]
    [(outside, inside)] = [port.split(":") for port in service["ports"]]
    assert [inside] == instructions("EXPOSE")
    assert job["env"]["LETTA_BASE_URL"] == f"http://localhost:{outside}"
    assert outside == "8283"  # where our commands look
    assert service["env"].keys() <= {str(option.envvar) for option in serve.params}
    assert all(isinstance(value, str) for value in service["env"].values())


def test_the_workflows_steps_succeed(tmp_path: Path) -> None:
    job = read(WORKFLOW)["jobs"]["tests"]
    steps = [step["run"] for step in job["steps"] if "run" in step]
    (tmp_path / TESTS).write_text(FILES[TESTS])
    with MockLetta(seed="demo") as mock:
        mock.save(tmp_path / "bakery.jsonl")
    assert steps[0].startswith("pip install ")
    with container([], job["services"]["letta"]["env"]) as url:
        here = {"LETTA_BASE_URL": url, "MOCKLETTA_URL": url}
        for step in steps[1:]:
            done = run(step, tmp_path, **{**job["env"], **here})
            assert done.returncode == 0, done.stdout + done.stderr
    assert "conversations.messages.create" in done.stdout
