"""The TypeScript package, built and packed, in projects of its own."""

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "clients" / "typescript"
INSTALLED = PACKAGE / "node_modules"
NAME = "mockletta"
OURS = ("LETTA_", "MOCKLETTA_", "NODE_", "NPM_", "npm_")


def lacking() -> str | None:
    """Say what the tests of the package lack, if anything."""
    if shutil.which("npm") is None:
        return "there is no npm here"
    return None if (INSTALLED / "vitest").exists() else "the Node packages are not installed"


def pack(folder: Path) -> Path:
    """Build the package and pack it into a folder, once for all workers; return the archive."""
    with _locked(folder / "package.lock"):
        found = list(folder.glob("*.tgz"))
        if not found:
            run(PACKAGE, "npm", "pack", "--silent", "--pack-destination", str(folder))
            found = list(folder.glob("*.tgz"))
    return found[0]


def install(archive: Path, project: Path) -> Path:
    """Install the archive and what it is tested with into a project."""
    modules = project / "node_modules"
    modules.mkdir(parents=True)
    for one in INSTALLED.iterdir():
        (modules / one.name).symlink_to(one)
    with tarfile.open(archive) as tar:
        tar.extractall(modules, filter="data")
    (modules / "package").rename(modules / NAME)
    return project


def run(folder: Path, *command: str, code: int = 0, **environment: str) -> str:
    """Run a command, and return all that it prints. It has to end with an exit code."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=variables(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    return done.stdout


def node(folder: Path, script: str, *words: str, code: int = 0, **environment: str) -> str:
    """Run a program of an installed package, such as `vitest/vitest.mjs`."""
    return run(folder, "node", f"node_modules/{script}", *words, code=code, **environment)


def variables(**more: str) -> dict[str, str]:
    """The environment of a project: this Python is on the PATH, and nothing else is set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**kept, "PATH": path, "NO_COLOR": "1", **more}


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
