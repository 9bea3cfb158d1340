"""Runs the contract tests with older SDKs, each laid over the installed one.

`python -m tests.sdks` takes them all, `python -m tests.sdks 1.6.5 js-1.11.0 -k agents` these ones;
everything else goes to pytest. Versions of letta-client ask for the same packages, so that nothing
else is installed for them. Those in TypeScript are told the stories of `tests/typescript`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mockletta.journal.findings.clients import TESTED
from tests.typescript.telling import HERE, INSTALLED, SDK_FOLDER

ROOT = Path(__file__).parent.parent
NAME = re.compile(r"(js-)?\d+\.\d+\.\d+")
JS = "js-"
PARALLEL = ("--numprocesses=auto", "--dist=loadfile")
WITHOUT_SDK = ("determinism", "injected_waits_by_the_clock", "unknown_fields")
"""Contract tests that send their requests themselves."""
PIP = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def main(arguments: Sequence[str]) -> int:
    """Run the tests with each SDK; how many of them failed."""
    named = [one for one in arguments if NAME.fullmatch(one)]
    options = [one for one in arguments if one not in named]
    failed = [one for one in named or every() if not passes(one, options)]
    print(f"failed with {', '.join(failed)}" if failed else "passed with all")  # noqa: T201
    return len(failed)


def every() -> list[str]:
    """All that are older than those that `make test` takes; without npm, none in TypeScript."""
    in_js = [JS + version for version in TESTED["js"][:-1]] if shutil.which("npm") else []
    return [*TESTED["python"][:-1], *in_js]


def passes(name: str, options: Sequence[str]) -> bool:
    """Whether the tests pass with an SDK, which is installed once."""
    print(f"letta-client {name}:", flush=True)  # noqa: T201
    folder = Path(sys.prefix) / "sdks" / name
    install = _install_js if name.startswith(JS) else _install
    if not folder.exists():
        install(name.removeprefix(JS), fresh := folder.with_suffix(".fresh"))
        fresh.rename(folder)
    if name.startswith(JS):
        return _run(["tests/typescript", *options], **{SDK_FOLDER: str(folder / INSTALLED)})
    over = {"PYTHONPATH": str(folder), "PYTEST_PLUGINS": "tests.contract.older"}
    left_out = [f"--ignore=tests/contract/test_{name}.py" for name in WITHOUT_SDK]
    return _run([*PARALLEL, "tests/contract", *left_out, *options], **over)


def _install(version: str, folder: Path) -> None:
    command = [*PIP, "--no-deps", "--target", str(folder), f"letta-client=={version}"]
    subprocess.run(command, check=True)


def _install_js(version: str, folder: Path) -> None:
    package = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    package["dependencies"] = dict.fromkeys(package["dependencies"], version)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps(package), encoding="utf-8")
    subprocess.run(["npm", "install", "--silent", "--no-audit"], cwd=folder, check=True)


def _run(arguments: Sequence[str], **environment: str) -> bool:
    command = [sys.executable, "-m", "pytest", *arguments]
    env = {**os.environ, **environment}
    return not subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
