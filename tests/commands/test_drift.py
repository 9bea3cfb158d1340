"""`mockletta drift`."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from mockletta import MockLetta

from .running import run


@pytest.fixture
def file(mock: MockLetta, tmp_path: Path) -> Path:
    """A recording of one request."""
    file = tmp_path / "a.jsonl"
    with mock.record(into=file) as session:
        httpx.post(f"{session.base_url}/v1/blocks/", json={"label": "a", "value": "b"})
    return file


def changed(file: Path, old: str, new: str) -> str:
    """The file as the real API would be recorded otherwise."""
    file.write_text(file.read_text().replace(old, new))
    return str(file)


def test_no_difference_exits_with_0(file: Path) -> None:
    done = run("drift", str(file), "--max-age", "0", "--quirks", "recorded,-redirected-paths")
    assert (done.exit_code, done.stdout) == (0, "1 exchanges compared: no difference\n")
    assert "record it again" in done.stderr


@pytest.mark.parametrize(
    ("new", "level", "code"),
    [
        ('"limit": 1', "info", 1),
        ('"limit": 1', "warn", 0),
        ('"limit": null', "error", 1),
        ('"limit": 100000, "new": 1', "warn", 0),
        ('"new": 1', "warn", 1),
    ],
)
def test_the_level_decides_the_exit_code(file: Path, new: str, level: str, code: int) -> None:
    assert run("drift", changed(file, '"limit": 100000', new), "--level", level).exit_code == code


def test_the_reports_are_written(file: Path, tmp_path: Path) -> None:
    files = {name: str(tmp_path / name) for name in ("json", "junit", "markdown")}
    options = [word for name, path in files.items() for word in (f"--{name}", path)]
    run("drift", changed(file, '"limit": 100000', '"limit": "many"'), *options)
    [finding] = json.loads(Path(files["json"]).read_text())["findings"]
    assert (finding["kind"], finding["expected"], finding["got"]) == ("type", "many", 100_000)
    assert '<failure type="error"' in Path(files["junit"]).read_text()
    assert "| error | type at `$.limit` | `blocks.create` |" in Path(files["markdown"]).read_text()


def test_the_quirk_behind_a_difference_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    with MockLetta(profile="open") as server, server.record(into=file) as session:
        httpx.get(f"{session.base_url}/v1/blocks")
    done = run("drift", str(file))
    assert "the answer depends on the quirk redirected-paths" in done.stdout
    assert run("drift", str(file), "--profile", "open").exit_code == 0


def test_a_difference_is_accepted(file: Path, tmp_path: Path) -> None:
    overrides = str(tmp_path / "overrides.yaml")
    recording = changed(file, '"status": 200', '"status": 201')
    changed(file, '"limit": 100000', '"limit": "many"')
    accept = ("--accept", "--overrides", overrides)
    assert f"{overrides}: 1 overrides added" in run("drift", recording, *accept).stdout
    done = run("drift", recording, "--overrides", overrides)
    assert (done.exit_code, "no difference" in done.stdout) == (0, True)


def test_what_cannot_be_accepted_is_said(mock: MockLetta, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    with mock.record(into=file) as session:
        httpx.get(f"{session.base_url}/v1/blocks/")
    recording = changed(file, '"status": 200', '"status": 418')
    done = run("drift", recording, "--accept", "--overrides", str(tmp_path / "o.yaml"))
    said = "cannot be corrected: status at status of blocks.list: the request has no query"
    assert said in done.stdout


def test_a_live_server_is_asked_about_first(
    file: Path, mock: MockLetta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LETTA_API_KEY", "a-key")
    before = len(mock.world.store.blocks)
    refused = run("drift", str(file), "--against", mock.base_url)
    assert (refused.exit_code, len(mock.journal)) == (1, 1)
    assert "1 requests, 0 messages to a model; creates 1 blocks" in refused.stderr
    done = run("drift", str(file), "--against", mock.base_url, "--yes")
    assert (done.exit_code, len(mock.world.store.blocks)) == (0, before), done.output
    assert [entry.api_key for entry in mock.journal][1:] == ["a…"] * 2


def test_ctrl_c_in_a_reply_deletes_what_was_created(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    with (
        MockLetta() as mock,
        mock.record(into=file) as session,
        mock.client(base_url=session.base_url) as client,
    ):
        agent = client.agents.create(name="a", memory_blocks=[{"label": "b", "value": ""}])
        client.agents.messages.create(agent.id, input="hi")
    with MockLetta(ttft=30) as live:
        command = [sys.executable, "-m", "mockletta", "drift", str(file), "--yes"]
        command += ["--against", live.base_url]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            assert "creates 1 agents" in process.stderr.readline()
            live.journal.wait_for("agents.create", timeout=30)
            process.send_signal(signal.SIGINT)
            assert "interrupted; created objects are deleted" in process.stderr.read()
        assert (process.returncode, len(live.world.store.agents)) == (1, 0)
        assert len(live.world.store.blocks) == 0


def test_what_cannot_be_deleted_is_said(file: Path, mock: MockLetta) -> None:
    mock.faults.add("blocks.delete", status=500)
    done = run("drift", str(file), "--against", mock.base_url, "--yes")
    assert f"could not be deleted at {mock.base_url}" in done.stderr


def test_without_httpx_it_says_what_to_install(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mockletta.testing.drift_run", None)
    done = run("drift", str(file))
    assert (done.exit_code, "pip install 'mockletta[record]'" in done.stderr) == (1, True)


def test_mistakes_are_errors(tmp_path: Path, file: Path) -> None:
    assert "--accept needs --overrides" in run("drift", str(file), "--accept").stderr
    missing = run("drift", str(tmp_path / "b"))
    assert (missing.exit_code, "No such file" in missing.stderr) == (1, True)


def test_the_settings_of_the_mock_have_their_variables(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOCKLETTA_MAX_AGE", "0")
    assert "record it again" in run("drift", str(file)).stderr
    monkeypatch.setenv("MOCKLETTA_PROFILE", "none")
    done = run("drift", str(file))
    assert (done.exit_code, "MOCKLETTA_PROFILE: " in done.stderr) == (2, True)
