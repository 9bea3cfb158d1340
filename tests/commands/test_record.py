"""`mockletta record`."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mockletta import MockLetta

from .running import run

ASK = (
    f'{sys.executable} -c "import os, urllib.request as r; '
    "print(r.urlopen(os.environ['LETTA_BASE_URL'] + '/v1/blocks/').read(), "
    "os.environ.get('LETTA_API_KEY'))\""
)


def test_a_command_is_recorded_with_its_own_key(
    mock: MockLetta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LETTA_API_KEY", "mine")
    file = tmp_path / "a.jsonl"
    done = run("record", "--upstream", mock.base_url, "--into", str(file), "--exec", ASK)
    assert (done.exit_code, f"{file}: 1 requests recorded" in done.stderr) == (0, True)
    assert '"operation": "blocks.list"' in file.read_text()
    again = run(
        "record", "--upstream", mock.base_url, "--into", str(file), "--mode", "none", "--exec", ASK
    )
    assert f"{file}: replayed, 0 recorded requests were not asked for" in again.stderr


def test_options_reach_the_session(mock: MockLetta, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    options = ("--redact", "x+", "--redact-path", "$.a", "--mask", "y", "--max-body", "1")
    into = ("--upstream", mock.base_url, "--into", str(file))
    assert run("record", *into, *options, "--exec", "true").exit_code == 0
    assert json.loads(file.read_text())["upstream"] == mock.base_url


@pytest.mark.parametrize(
    ("upstream", "options", "reason"),
    [
        ("letta", (), "letta is no URL of a server"),
        ("http://h/?a=1", (), "expected only a host, a port and a path"),
        ("http://h", ("--redact", "("), "unterminated subpattern"),
        ("https://h", ("--ca-file", __file__), "not a file of certificates"),
        ("http://h", ("--mode", "none"), "does not exist"),
    ],
)
def test_a_mistake_is_an_error(
    tmp_path: Path, upstream: str, options: tuple[str, ...], reason: str
) -> None:
    into = str(tmp_path / "a.jsonl")
    done = run("record", "--upstream", upstream, "--into", into, *options, "--exec", "true")
    assert (done.exit_code, reason in done.stderr) == (1, True), done.stderr


def test_without_httpx_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mockletta.recordings.proxy", None)
    into = ("--into", str(tmp_path / "a"), "--exec", "true")
    done = run("record", "--upstream", "http://h", *into)
    assert (done.exit_code, "pip install 'mockletta[record]'" in done.stderr) == (1, True)


def test_it_records_until_a_signal(mock: MockLetta, tmp_path: Path) -> None:
    into = str(tmp_path / "a.jsonl")
    command = [sys.executable, "-m", "mockletta", "record", "--upstream", mock.base_url]
    with subprocess.Popen(
        [*command, "--into", into, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert f" records {mock.base_url}: {into} - Ctrl-C" in process.stdout.readline()
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(10) == 0
        assert "0 requests recorded" in process.stderr.read()
