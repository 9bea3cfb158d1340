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
STORY = re.compile(r'^story\("([^"]+)", async \(', re.MULTILINE)
ALL = "all.js"


def lacking() -> str | None:
    """What there is not that stories need, if anything."""
    if shutil.which("node") is None:
        return "there is no Node here"
    return None if (HERE / INSTALLED).exists() else "the TypeScript SDK is not installed"


@cache
def names() -> dict[str, list[str]]:
    """The names of all stories, by the file they are in."""
    files = sorted(HERE.glob("stories/*.ts"))
    return {file.stem: STORY.findall(file.read_text(encoding="utf-8")) for file in files}


def copied(folder: Path) -> Path:
    """A copy of the stories in a folder that is yet to be made, the installed SDK beside them."""
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns(INSTALLED, "*.py", "__pycache__"))
    (folder / INSTALLED).symlink_to(HERE / INSTALLED)
    return folder


def compiled(folder: Path) -> list[str]:
    """Write JavaScript beside all TypeScript of a copy: what tsc, strict, has to say about it."""
    return node(folder, f"{INSTALLED}/typescript/bin/tsc").splitlines()


def told(folder: Path, url: str) -> dict[str, str | None]:
    """Tell all stories of a compiled copy to a server: what went wrong, by the story's name."""
    imports = [f'import "./stories/{name}.js";\n' for name in names()]
    (folder / ALL).write_text("".join(imports), encoding="utf-8")
    options = ["--enable-source-maps", "--test-reporter=./reporter.mjs"]
    lines = node(folder, *options, ALL, LETTA_BASE_URL=url).splitlines()
    return {line["name"]: line.get("error") for line in map(json.loads, lines)}


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
