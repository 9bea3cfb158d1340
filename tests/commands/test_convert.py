"""`mockletta convert`: recordings to HAR and back."""

import json
from pathlib import Path

import pytest

from tests.recordings.sessions import mixed_session, read, recorded, upstream

from .running import run


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("har") / "a.jsonl"
    with upstream() as server, recorded(server.base_url, file) as session:
        mixed_session(session.base_url)
    return file


def test_a_recording_comes_back_as_it_was(recording: Path, tmp_path: Path) -> None:
    har, back = tmp_path / "a.har", tmp_path / "b.jsonl"
    done = run("convert", str(recording), str(har))
    assert done.stdout == f"{har}: 18 exchanges\n"
    run("convert", str(har), str(back))
    assert back.read_text() == recording.read_text()


def test_a_har_file_has_what_others_read(recording: Path, tmp_path: Path) -> None:
    run("convert", str(recording), str(tmp_path / "a.har"))
    log = json.loads((tmp_path / "a.har").read_text())["log"]
    entry = log["entries"][0]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "mockletta")
    assert entry["request"]["url"] == f"{read(recording).upstream}/v1/tools/"
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (200, "OK")
    assert json.loads(entry["response"]["content"]["text"])["name"] == "get_weather"


def entry(url: str, **response: object) -> dict[str, object]:
    """What a browser exports."""
    headers = [
        {"name": ":authority", "value": "h"},
        {"name": "Authorization", "value": "Bearer sk-1"},
    ]
    return {
        "startedDateTime": "2026-01-01T00:00:00.000Z",
        "time": 12.5,
        "request": {
            "method": "POST",
            "url": url,
            "headers": headers,
            "postData": {"mimeType": "application/json", "text": '{"api_key":"hush-hush"}'},
        },
        "response": {"status": 200, "headers": [], "content": {}, **response},
    }


def test_a_foreign_har_file_becomes_a_recording_without_secrets(tmp_path: Path) -> None:
    har, file = tmp_path / "a.har", tmp_path / "a.jsonl"
    binary = {"content": {"text": "AP8=", "encoding": "base64"}}
    entries = [
        entry("https://h/v1/blocks/?a=1#x", **binary),
        entry("https://other/"),
        entry("https://h/v1/x", status=0),
    ]
    har.write_text(json.dumps({"log": {"entries": entries}}))
    assert "2 exchanges, 1 to other servers left out" in run("convert", str(har), str(file)).stdout
    first, second = read(file).exchanges
    assert (first.operation, first.query, first.body) == ("blocks.create", "a=1", b"\x00\xff")
    assert (first.ended, second.ending, read(file).upstream) == (0.0125, "no answer", "https://h")
    assert "hush" not in file.read_text()
    assert "sk-1" not in file.read_text()


@pytest.mark.parametrize("text", ["{}", "[]", "{", '{"log": {"entries": [1]}}'])
def test_another_file_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.har").write_text(text)
    done = run("convert", str(tmp_path / "a.har"), str(tmp_path / "b"))
    assert (done.exit_code, "not a HAR file" in done.stderr) == (1, True)


def test_an_empty_har_file_is_an_empty_recording(tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text('{"log": {"entries": []}}')
    run("convert", str(tmp_path / "a.har"), str(tmp_path / "b"))
    assert run("convert", str(tmp_path / "b"), str(tmp_path / "c.har")).exit_code == 0


def test_one_of_the_files_is_a_har_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    assert "must end in .har" in run("convert", str(tmp_path / "a"), str(tmp_path / "b")).stderr
