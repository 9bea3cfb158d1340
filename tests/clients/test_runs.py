"""The server of a test run: one for all workers, which ends with the run."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mockletta import MockLetta
from tests.clients.node_project import node, run, variables

Project = Callable[..., Path]
CASES = """
import { appendFileSync } from "node:fs";
import { expect } from "vitest";
import { Letta } from "@letta-ai/letta-client";
import { test } from "mockletta/vitest";

const model = "openai/gpt-4o-mini";
for (let number = 0; number < 25; number++) {
  test(`test ${number}`, async ({ mock, letta }) => {
    expect(letta).toBeInstanceOf(Letta);
    const name = `${process.pid}-${number}`;
    await letta.agents.create({ name, model });
    expect((await letta.agents.list()).items.map((agent) => agent.name)).toEqual([name]);
    appendFileSync("servers.txt", `${mock.baseURL} ${process.pid}\\n`);
  });
}
"""
STARTED = """
import { mockletta } from "mockletta";
const mock = await mockletta();
console.log(mock.baseURL);
setInterval(() => undefined, 1000);
"""
DOCKER = f"""#!/bin/sh
if [ "$1" = image ]; then exit 0; fi
port=${{7#*:}}
shift 8
exec {sys.executable} -m mockletta "$@" --host 127.0.0.1 --port ${{port%:*}}
"""
"""A Docker that has the image: it runs the image's command on this machine."""


def is_up(url: str) -> bool:
    """Tell whether a server answers."""
    import httpx

    try:
        return httpx.get(f"{url}/v1/health/").is_success
    except httpx.HTTPError:
        return False


def goes_down(url: str) -> bool:
    """Tell whether a server stops within a few seconds."""
    end = time.monotonic() + 60
    while is_up(url) and time.monotonic() < end:
        time.sleep(0.05)
    return not is_up(url)


def test_200_tests_of_8_workers_share_a_server_and_see_nothing_of_each_other(
    project: Project,
) -> None:
    folder = project(**{f"cases{number}__test__ts": CASES for number in range(8)})
    options = ["--pool=forks", "--maxWorkers=8", "--reporter=json", "--testTimeout=60000"]

    told = node(folder, "vitest/vitest.mjs", "run", *options)

    assert json.loads(told[told.index("{") :])["numPassedTests"] == 200
    lines = [line.split() for line in (folder / "servers.txt").read_text().splitlines()]
    [url] = {url for url, _ in lines}
    assert len({worker for _, worker in lines}) == 8
    assert goes_down(url)


def test_a_killed_run_leaves_no_process(project: Project) -> None:
    folder = project(app__mjs=STARTED)
    with subprocess.Popen(
        ["node", "app.mjs"], cwd=folder, env=variables(), stdout=subprocess.PIPE, text=True
    ) as app:
        assert app.stdout is not None
        url = app.stdout.readline().strip()
        assert is_up(url)
        os.kill(app.pid, signal.SIGKILL)  # it is a zombie until the end of the block
        assert goes_down(url)


@pytest.mark.parametrize("tenancy", ["key", "none"])
def test_a_server_that_is_named_is_used_if_it_has_a_world_for_each_key(
    project: Project, tenancy: str
) -> None:
    folder = project(app__mjs=STARTED.replace("setInterval", "void"))
    with MockLetta(tenancy="key" if tenancy == "key" else "none") as mock:
        output = run(
            folder, "node", "app.mjs", code=int(tenancy == "none"), MOCKLETTA_URL=mock.base_url
        )
        refused = f"The server at {mock.base_url} has one world for all API keys"
        assert (mock.base_url if tenancy == "key" else refused) in output


def test_the_image_is_used_if_there_is_nothing_else(project: Project, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "node").symlink_to(shutil.which("node") or "")
    for name, text in {"docker": DOCKER, "python3": "#!/bin/sh\nexit 1\n"}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    folder = project(app__mjs=STARTED.replace("setInterval", "await mock.close(); void"))

    url = run(folder, "node", "app.mjs", PATH=str(programs)).strip()

    assert goes_down(url)
