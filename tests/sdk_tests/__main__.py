"""`python -m tests.sdk_tests`: how many of the tests that the SDKs generate pass. Exits 1 if one
fails that should not, or if one passes that should not.

The TypeScript SDK's tests are not in its package. Those of the Python SDK make the same calls.
"""

import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from letta_client import __version__

from mockletta import MockLetta

from .refused import NODE, REFUSED
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
HERE = Path(__file__).parent
PROJECT = HERE.parent / "typescript"
"""Where npm has installed the TypeScript SDK."""
WORLD: Any = {"seed": "sdk-examples", "quirks": ["updated-llm-configs"]}
"""One test updates an agent with everything, also with what only the open server takes."""
SELECTED = "strict and not Async"
_FAILED = re.compile(r"^FAILED (\S+)\[strict\]", re.MULTILINE)
_COUNTS = re.compile(r"(\d+) (passed|failed|error)")


def main() -> int:
    """Fetch the tests, run them with both SDKs, and compare."""
    with TemporaryDirectory() as folder, MockLetta(**WORLD) as mock:
        root = _fetched(Path(folder))
        output = _run(root, mock.base_url)
        errors = _run_in_node(root, mock.base_url)
    failed = [name.removeprefix("tests/api_resources/") for name in _FAILED.findall(output)]
    counts = {what: int(number) for number, what in _COUNTS.findall(output.splitlines()[-1])}
    total = sum(counts.values())
    is_wrong = _report("letta-client", counts.get("passed", 0), total, failed, REFUSED)
    failed = [name for name, error in errors.items() if error]
    passed = len(errors) - len(failed)
    is_wrong |= _report("@letta-ai/letta-client", passed, len(errors), failed, {**REFUSED, **NODE})
    return int(is_wrong or "error" in counts or not counts)


def _report(
    sdk: str, passed: int, total: int, failed: Sequence[str], refused: Mapping[str, str]
) -> bool:
    """Print what came of one SDK's tests. Returns whether it is not as expected."""
    surprises = [name for name in failed if not any(fnmatchcase(name, one) for one in refused)]
    stale = [one for one in refused if not any(fnmatchcase(name, one) for name in failed)]
    lines = [
        f"{sdk} {__version__}: {passed} of {total} pass",
        *(f"  {pattern}: {reason}" for pattern, reason in refused.items()),
        *(f"fails: {name}" for name in surprises),
        *(f"passes, and is listed as refused: {one}" for one in stale),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return bool(surprises or stale)


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


def _run_in_node(root: Path, url: str) -> dict[str, str]:
    """Make the calls of the tests in Node. Returns the error of each, "" if it passes."""
    command = [sys.executable, "-W", "ignore", str(HERE / "node_calls.py"), str(root)]
    calls = subprocess.check_output(command, text=True)
    answered = subprocess.check_output(
        ["node", str(HERE / "node_calls.mjs")],
        cwd=PROJECT,
        env={**os.environ, "TEST_API_BASE_URL": url},
        input=calls,
        text=True,
    )
    found: dict[str, str] = json.loads(answered)
    return found


sys.exit(main())
