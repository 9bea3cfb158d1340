"""The example of a bot in TypeScript: it compiles, and its tests pass against the mock."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.clients.node_project import PACKAGE, ROOT, node

EXAMPLE = ROOT / "examples" / "typescript-bot"


def test_the_bot_passes_its_tests(project: Callable[..., Path]) -> None:
    folder = project()
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_*"))
    node(folder, "typescript/bin/tsc", "--noEmit")
    assert "6 passed" in node(folder, "vitest/vitest.mjs", "run")


def test_the_bot_is_tested_with_the_versions_that_it_names() -> None:
    bot = json.loads((EXAMPLE / "package.json").read_text())
    ours = json.loads((PACKAGE / "package.json").read_text())
    named = {**bot["dependencies"], **bot["devDependencies"]}
    assert named == {
        **{name: ours["devDependencies"].get(name) for name in named},
        "mockletta": ours["version"],
    }
