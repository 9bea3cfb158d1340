"""The stories that are told in TypeScript: found here, compiled by tsc, told by Node."""

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
INSTALLED = "node_modules"
SDK_FOLDER = "TYPESCRIPT_SDK"
"""Names in the environment where another SDK is installed: an older one, which may lack things."""
STORY = re.compile(r'^story\("([^"]+)", async \(', re.MULTILINE)
ALL = "all.js"


def lacking() -> str | None:
    """What there is not that stories need, if anything."""
    if shutil.which("node") is None:
        return "there is no Node here"
    return None if installed().exists() else "the TypeScript SDK is not installed"


def installed() -> Path:
    """Where the SDK is, and what it takes to compile."""
    return Path(os.environ.get(SDK_FOLDER, HERE / INSTALLED))


@cache
def names() -> dict[str, list[str]]:
    """The names of all stories, by the file they are in."""
    files = sorted(HERE.glob("stories/*.ts"))
    return {file.stem: STORY.findall(file.read_text(encoding="utf-8")) for file in files}


def copied(folder: Path) -> Path:
    """A copy of the stories in a folder that is yet to be made, the installed SDK beside them."""
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns(INSTALLED, "*.py", "__pycache__"))
    (folder / INSTALLED).symlink_to(installed())
    return folder


def compiled(folder: Path) -> list[str]:
    """Write JavaScript beside all TypeScript of a copy: what tsc, strict, has to say about it."""
    return node(folder, f"{INSTALLED}/typescript/bin/tsc").splitlines()


def told(folder: Path, url: str) -> dict[str, dict[str, str]]:
    """Tell all stories of a compiled copy to a server: by the story's name, its `error` or why to
    `skip` it, if any."""
    imports = [f'import "./stories/{name}.js";\n' for name in names()]
    (folder / ALL).write_text("".join(imports), encoding="utf-8")
    options = ["--enable-source-maps", "--test-reporter=./reporter.mjs"]
    lines = node(folder, *options, ALL, LETTA_BASE_URL=url).splitlines()
    return {line["name"]: line for line in map(json.loads, lines)}


def node(folder: Path, *arguments: str, **environment: str) -> str:
    """What Node prints, whatever its exit code; what it complains of goes where ours does."""
    return subprocess.run(
        ["node", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    ).stdout
