"""`serve --replay` and `MockLetta(replay=...)`: strict, or filled by the mock."""

import socket
import time
from pathlib import Path

import httpx
import pytest
from letta_client import APIStatusError

from mockletta import MockLetta
from mockletta.errors import BadSettings
from tests.commands.running import run
from tests.commands.running import serve as serve_command
from tests.recordings.sessions import upstream


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A recording of one conversation, whose reply took its time."""
    file = tmp_path / "a.jsonl"
    with upstream() as server, server.record(into=file) as session:
        httpx.post(f"{session.base_url}/v1/blocks/", json={"label": "a", "value": "b"})
        httpx.head(f"{session.base_url}/v1/blocks/")
    return file


def test_what_is_not_recorded_is_refused_at_once(file: Path) -> None:
    with MockLetta(replay=str(file)) as mock, mock.client() as client:
        assert client.blocks.create(label="a", value="b").value == "b"
        with pytest.raises(APIStatusError) as refused:
            client.blocks.create(label="a", value="c")
    assert refused.value.status_code == 501
    assert "body.value: recorded 'b', now 'c'" in str(refused.value)


def test_health_and_the_control_api_are_always_answered(file: Path) -> None:
    with MockLetta(replay=str(file)) as mock:
        assert httpx.get(f"{mock.base_url}/v1/health/").status_code == 200
        assert httpx.get(f"{mock.base_url}/_mockletta/journal").status_code == 200
        assert httpx.head(f"{mock.base_url}/v1/blocks/").status_code == 405


def test_the_mock_fills_in(file: Path) -> None:
    with MockLetta(replay=str(file), unrecorded="fill") as mock, mock.client() as client:
        assert client.blocks.create(label="a", value="b").value == "b"
        assert client.blocks.create(label="a", value="c").value == "c"
        assert len(mock.world.store.blocks) == 1


def test_a_shorter_value_of_ones_own_leaves_the_answer_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    names = {"label": "test-123456", "value": "b"}, {"label": "test-123", "value": "b"}
    with upstream() as server, server.record(into=file) as session:
        httpx.post(f"{session.base_url}/v1/blocks/", json=names[0])
    with MockLetta(replay=str(file)) as mock:
        made = httpx.post(f"{mock.base_url}/v1/blocks/", json=names[1])
    assert (made.status_code, made.json()["label"]) == (200, "test-123")


def test_it_replays_at_its_speed(tmp_path: Path) -> None:
    file = tmp_path / "slow.jsonl"
    file.write_text(
        '{"mockletta": "recording", "version": 1}\n'
        '{"request": 1, "at": 0, "method": "GET", "path": "/a", "headers": {}}\n'
        '{"response": 1, "at": 0, "status": 200, '
        '"headers": {"content-type": "text/event-stream"}}\n'
        '{"chunk": 1, "at": 0, "data": 1}\n'
        '{"chunk": 1, "at": 0.2, "data": 2}\n'
        '{"end": 1, "at": 0.4}\n'
    )
    with MockLetta(replay=str(file), replay_speed=2) as mock:
        began = time.monotonic()
        assert httpx.get(f"{mock.base_url}/a").text == "data: 1\n\ndata: 2\n\n"
        assert time.monotonic() - began > 0.19


def test_a_client_that_leaves_with_half_a_body_is_no_error(file: Path) -> None:
    with MockLetta(replay=str(file)) as mock:
        port = int(mock.base_url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"POST /v1/blocks/ HTTP/1.1\r\ncontent-length: 9\r\n\r\n{")
        assert httpx.get(f"{mock.base_url}/v1/health/").status_code == 200


def test_serve_replays(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    asking = "curl -s -d '{}' $LETTA_BASE_URL/v1/blocks/; curl -s $LETTA_BASE_URL/v1/x"
    done = serve_command("--replay", str(file), "--max-age", "0", "--exec", asking)
    assert done.exit_code == 0
    assert "was recorded 0 days ago, which is more than 0: record it again" in caplog.text


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_recording_that_cannot_be_read_is_an_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"No such file|Is a directory"):
        MockLetta(replay=str(tmp_path / name))
    assert run("serve", "--replay", str(tmp_path / name)).exit_code == 1
