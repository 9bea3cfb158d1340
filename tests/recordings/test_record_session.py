"""What a session records, anew or in part, and what its file says of it."""

import json
from pathlib import Path

import httpx
import pytest

from mockletta.errors import BadSettings
from mockletta.recordings.record_session import RecordOptions, RecordSession
from mockletta.recordings.recording import COMPLETE, BadRecording, Recording
from mockletta.recordings.recording_reader import age_warning
from tests.recordings.sessions import (
    mixed_session,
    read,
    recorded,
    upstream,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sessions" / "a.jsonl"


def test_the_head_says_what_was_recorded(file: Path) -> None:
    with upstream() as server, recorded(server.base_url, file) as session:
        mixed_session(session.base_url)
        url = server.base_url
    recording = read(file)
    assert recording.upstream == url
    assert recording.sdk.endswith("(python)")
    assert {one.ending for one in recording.exchanges} == {COMPLETE}
    assert recording.exchanges[0].operation == "tools.create"
    assert recording.ids["agent-1"].startswith("agent-")


def test_ids_have_short_names_in_the_file_and_equal_bodies_are_there_once(file: Path) -> None:
    with upstream() as server, recorded(server.base_url, file) as session:
        agent = {"name": "a", "model": "openai/gpt-4o-mini"}
        made = httpx.post(f"{session.base_url}/v1/agents/", json=agent).json()
        for _ in range(2):
            assert httpx.get(f"{session.base_url}/v1/agents/{made['id']}").json()["name"] == "a"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["path"] for line in lines if line.get("request") == 2] == ["/v1/agents/⟨agent-1⟩"]
    assert [line["same"] for line in lines if line.get("response") == 3] == ["response 1"]
    assert [one.body for one in read(file).exchanges[1:]] == [read(file).exchanges[1].body] * 2


def test_the_mode_once_records_once(file: Path) -> None:
    for _ in range(2):
        with upstream() as server, recorded(server.base_url, file, mode="once") as session:
            assert session.is_recording is not file.exists() or session.recorded == 0
            mixed_session(session.base_url)
    assert session.unused == []


def test_new_episodes_are_added(file: Path) -> None:
    with upstream() as server:
        with recorded(server.base_url, file) as session:
            httpx.get(f"{session.base_url}/v1/blocks/")
        with recorded(server.base_url, file, mode="new_episodes") as session:
            httpx.get(f"{session.base_url}/v1/tools/")
            httpx.get(f"{session.base_url}/v1/blocks/")
    assert [(one.number, one.operation) for one in read(file).exchanges] == [
        (1, "blocks.list"),
        (2, "tools.list"),
    ]


def test_an_exchange_is_recorded_anew(file: Path) -> None:
    with upstream() as server:
        with recorded(server.base_url, file) as session:
            for path in ("blocks", "tools"):
                httpx.get(f"{session.base_url}/v1/{path}/")
        with recorded(server.base_url, file, mode="new_episodes", anew=["1"]) as session:
            for path in ("blocks", "tools"):
                httpx.get(f"{session.base_url}/v1/{path}/")
    assert [one.operation for one in read(file).exchanges] == ["tools.list", "blocks.list"]


@pytest.mark.parametrize("name", ["conv-1", "⟨conv-1⟩"])
def test_a_conversation_is_recorded_anew(file: Path, name: str) -> None:
    with upstream() as server:
        with recorded(server.base_url, file) as session:
            two_conversations(session.base_url)
        with recorded(server.base_url, file, mode="new_episodes", anew=[name]) as session:
            two_conversations(session.base_url)
        assert len(server.journal.all("conversations.create")) == 2
        assert len(server.journal.all("conversations.messages.create")) == 3
    messages = [one for one in read(file).exchanges if one.path.endswith("messages")]
    assert [(one.number, one.content.data) for one in messages] == [
        (5, b'{"input":"1"}'),
        (6, b'{"input":"0"}'),
    ]


def two_conversations(url: str) -> None:
    agent = {"name": "a", "model": "openai/gpt-4o-mini"}
    agent_id = httpx.post(f"{url}/v1/agents/", json=agent).json()["id"]
    made = [httpx.post(f"{url}/v1/conversations/?agent_id={agent_id}", json={}) for _ in range(2)]
    for number, one in enumerate(made):
        path = f"/v1/conversations/{one.json()['id']}/messages"
        httpx.post(f"{url}{path}", json={"input": str(number)})


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (RecordOptions(mode="none"), "does not exist"),
        (RecordOptions(mode="all"), "without an upstream"),
    ],
)
def test_a_session_that_can_do_nothing_does_not_start(
    file: Path, options: RecordOptions, reason: str
) -> None:
    with pytest.raises(BadSettings, match=reason):
        RecordSession(None, file, options).start()


def test_what_is_recorded_anew_must_be_there(file: Path) -> None:
    with upstream() as server, recorded(server.base_url, file):
        pass
    with pytest.raises(BadSettings, match="no exchange of the recording is 7"):
        recorded("http://localhost:1", file, mode="new_episodes", anew=["7"]).start()


def test_an_old_recording_is_named() -> None:
    recording = Recording([], recorded="2020-01-01T00:00:00+00:00")
    assert "which is more than 30: record it again" in age_warning("a", recording, 30)
    assert age_warning("a", recording, None) == ""
    assert age_warning("a", recording, 1e6) == ""
    with pytest.raises(BadRecording, match="a: the head has no time"):
        age_warning("a", Recording([], recorded="yesterday"), 30)
