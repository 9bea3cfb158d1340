"""`python -m tests.sdk_tests`: how many of the SDK's own tests pass. Exits 1 if one fails that
should not, or if one passes that should not."""

import os
import re
import subprocess
import sys
import tarfile
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from letta_client import __version__

from mockletta import MockLetta

from .refused import REFUSED
from .values import with_values

CONFTEST = """
import os

import httpx
import pytest
from letta_client import Letta

URL = os.environ["TEST_API_BASE_URL"]


@pytest.fixture
def client(request):
    httpx.post(f"{URL}/_mockletta/reset").raise_for_status()
    with Letta(base_url=URL, api_key="any", _strict_response_validation=request.param) as client:
        yield client
"""
WORLD: Any = {"seed": "sdk-examples", "quirks": ["updated-llm-configs"]}
"""One test updates an agent with everything, also with what only the open server takes."""
SELECTED = "strict and not Async"
_FAILED = re.compile(r"^FAILED (\S+)\[strict\]", re.MULTILINE)
_COUNTS = re.compile(r"(\d+) (passed|failed|error)")


def main() -> int:
    """Fetch the tests, run them, and compare."""
    with TemporaryDirectory() as folder, MockLetta(**WORLD) as mock:
        root = _fetched(Path(folder))
        output = _run(root, mock.base_url)
    failed = [name.removeprefix("tests/api_resources/") for name in _FAILED.findall(output)]
    counts = {what: int(number) for number, what in _COUNTS.findall(output.splitlines()[-1])}
    surprises = [name for name in failed if not any(fnmatchcase(name, one) for one in REFUSED)]
    stale = [one for one in REFUSED if not any(fnmatchcase(name, one) for name in failed)]
    lines = [
        f"letta-client {__version__}: {counts.get('passed', 0)} of {sum(counts.values())} pass",
        *(f"  {pattern}: {reason}" for pattern, reason in REFUSED.items()),
        *(f"fails: {name}" for name in surprises),
        *(f"passes, and is listed as refused: {one}" for one in stale),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(bool(surprises or stale or "error" in counts or not counts))


def _fetched(folder: Path) -> Path:
    """Download the source distribution of the installed SDK; return where its tests are."""
    wanted = [f"letta-client=={__version__}", "--no-deps", "--no-binary", "letta-client"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", *wanted, "--dest", str(folder)]
    subprocess.run(command, check=True)
    [archive] = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    root = folder / archive.name.removesuffix(".tar.gz")
    for file in (root / "tests" / "api_resources").rglob("*.py"):
        file.write_text(with_values(file.read_text()))
    (root / "tests" / "conftest.py").write_text(CONFTEST)
    return root


def _run(root: Path, url: str) -> str:
    options = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "--tb=no",
        "-rf",
        "-k",
        SELECTED,
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", os.devnull, "tests/api_resources"],
        cwd=root,
        env={**os.environ, "TEST_API_BASE_URL": url, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


sys.exit(main())
