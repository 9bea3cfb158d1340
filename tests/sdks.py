"""Runs the contract tests with older SDKs, each laid over the installed one.

`python -m tests.sdks` takes them all, `python -m tests.sdks 1.6.5 1.7.12 -k agents` these ones;
everything after the versions goes to pytest. Versions of letta-client ask for the same packages, so
that nothing else is installed for them.
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mockletta.journal.findings.clients import TESTED

ROOT = Path(__file__).parent.parent
VERSION = re.compile(r"\d+\.\d+\.\d+")
PIP = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def main(arguments: Sequence[str]) -> int:
    """Run the tests with each SDK; how many of them failed."""
    named = [one for one in arguments if VERSION.fullmatch(one)]
    options = [one for one in arguments if one not in named]
    failed = [one for one in named or TESTED["python"] if run(one, laid_out(one), options)]
    print(f"failed with {', '.join(failed)}" if failed else "passed with all")  # noqa: T201
    return len(failed)


def laid_out(version: str) -> Path:
    """The folder of an SDK, installed once."""
    folder = Path(sys.prefix) / "sdks" / version
    if not folder.exists():
        fresh = folder.with_suffix(".fresh")
        subprocess.run(
            [*PIP, "--no-deps", "--target", str(fresh), f"letta-client=={version}"], check=True
        )
        fresh.rename(folder)
    return folder


def run(version: str, folder: Path, options: Sequence[str]) -> bool:
    """Whether a test fails with this SDK."""
    print(f"letta-client {version}:", flush=True)  # noqa: T201
    over = {"PYTHONPATH": str(folder), "PYTEST_PLUGINS": "tests.contract.older"}
    tests = [] if any(one.startswith("tests/") for one in options) else ["tests/contract"]
    command = [sys.executable, "-m", "pytest", "--numprocesses=auto", *tests, *options]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **over}, check=False).returncode > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
