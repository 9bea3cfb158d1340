"""Runs the tests with each Python that is here: `python -m tests.pythons [VERSION...] [-k ...]`.

Each has a folder of its own beside the installed packages. What mockletta itself is too new for
only runs a program that uses the SDK, against a server of this Python.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mockletta.journal.findings.clients import TESTED

ROOT = Path(__file__).parent.parent.parent
PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
FOR_THE_SDK_ONLY = ("3.9", "3.10")
"""Which of them are too old for mockletta itself."""
VERSION = re.compile(r"3\.\d+")


def main(arguments: Sequence[str]) -> int:
    """Run the tests with each of them; how many failed."""
    named = [one for one in arguments if VERSION.fullmatch(one)]
    options = [one for one in arguments if one not in named]
    failed = [one for one in named or PYTHONS if not passes(one, options)]
    print(f"failed with {', '.join(failed)}" if failed else "passed with all")  # noqa: T201
    return len(failed)


def passes(version: str, options: Sequence[str]) -> bool:
    """Whether the tests pass with a Python; they do with one that is not here."""
    found = interpreter(version)
    print(f"Python {version}: {found or 'it is not here'}", flush=True)  # noqa: T201
    if found is None:
        return True
    if version in FOR_THE_SDK_ONLY:
        python = equipped(version, found, f"letta-client=={TESTED['python'][-1]}")
        return run([sys.executable, "-m", "pytest", "tests/pythons"], CLIENT_PYTHON=str(python))
    python = equipped(version, found, "--editable", ".[dev]")
    return run([str(python), "-m", "pytest", "--numprocesses=auto", *options])


def interpreter(version: str) -> str | None:
    """A Python of that version: by its name, or one that pyenv keeps."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    names = [f"python{version}", *map(str, kept.glob(f"{version}.*/bin/python"))]
    paths = [path for name in names if (path := shutil.which(name))]
    return next((path for path in paths if _starts(path)), None)


def equipped(version: str, found: str, *packages: str) -> Path:
    """A Python of its own with the packages, set up once."""
    folder = Path(sys.prefix) / "pythons" / version
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([found, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([*pip, *packages], cwd=ROOT, check=True)
        done.touch()
    return python


def run(command: Sequence[str], **environment: str) -> bool:
    """Whether a command succeeds."""
    return not subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode


def _starts(path: str) -> bool:
    """Whether it is more than the name of one that is not switched on."""
    return not subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
