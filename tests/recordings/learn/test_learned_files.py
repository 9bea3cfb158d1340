"""A recorded session is learned: the same app gets the same texts, another one sensible ones."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import yaml
from letta_client import APIStatusError, Letta

from mockletta import MockLetta
from tests.commands.running import run
from tests.recordings.sessions import TOOL, read, recorded

MODEL = "openai/gpt-4o-mini"
SCRIPT = {
    "replies": [
        {
            "when": "weather",
            "reply": [
                {"think": "I look it up."},
                {
                    "calls": [
                        {"call": "get_weather", "with": {"city": "Rome"}, "returns": "18"},
                        {
                            "call": "get_weather",
                            "with": {"city": "Oslo {{ '{{' }}"},
                            "returns": "cold",
                            "status": "error",
                            "stderr": "no",
                        },
                    ]
                },
                "It is 18 degrees, {{ '{{' }}braces}}.",
            ],
        },
        {
            "when": "delete",
            "reply": [
                {"call": "get_weather", "arguments": "{broken", "approve": True, "returns": "x"},
                "{{ 'Done.' if returned.status == 'success' else 'As you like.' }}",
            ],
        },
        {"when": "remember", "reply": [{"edit": "human", "insert": "Likes tea."}, "Noted."]},
        {"when": "story", "sequence": ["Once.", "Twice."]},
        {"when": "fail", "reply": [{"fail": "timeout"}]},
        {"when": "odd", "reply": ["Hm.", {"stop": "no_tool_call"}]},
        {"when": {"role": "system"}, "reply": "Understood."},
        {"reply": "You said {{ message }}."},
    ]
}


def session(client: Letta) -> list[str]:
    """What an app hears in a session with a bit of everything."""
    tool = client.tools.create(source_code=TOOL)
    shared = client.blocks.create(label="team", value="Standup is at 9.")
    agent = client.agents.create(
        name="learned",
        model=MODEL,
        system="Be brief.",
        tool_ids=[tool.id],
        block_ids=[shared.id],
        memory_blocks=[{"label": "human", "value": "Ann"}],
        tags=["a"],
    )
    client.agents.create(name="other", model=MODEL, block_ids=[shared.id])
    client.agents.delete(client.agents.create(name="gone", model=MODEL).id)
    client.folders.create(name="papers", embedding="openai/text-embedding-3-small")
    heard = talk(client, agent.id)
    client.agents.retrieve(agent.id)
    list(client.agents.blocks.list(agent.id))
    return heard


def talk(client: Letta, agent_id: str) -> list[str]:
    conversation = client.conversations.create(agent_id=agent_id)
    texts = ["the weather", "remember it", "a story", "a story", "fail", "odd", "delete"]
    heard = [ask(client, conversation.id, text) for text in texts]
    call_id = heard[-1].rpartition("call ")[2]
    approval = {
        "type": "approval",
        "approval_request_id": "",
        "approvals": [{"type": "approval", "tool_call_id": call_id, "approve": True}],
    }
    heard[-1] = "call"
    heard.append(ask(client, conversation.id, [approval]))
    heard.append(ask(client, conversation.id, [{"role": "system", "content": "A note."}]))
    reply = client.agents.messages.create(agent_id, input="directly")
    return [*heard, *(text_of(one) for one in reply.messages)]


def ask(client: Letta, conversation_id: str, said: object) -> str:
    """The texts of an answer, and the call that waits for approval."""
    sent = {"input": said} if isinstance(said, str) else {"messages": said}
    stream = client.conversations.messages.create(conversation_id, stream_tokens=True, **sent)
    with suppress(APIStatusError):
        return "".join(text_of(one) for one in stream)
    return "failed"


def text_of(message: object) -> str:
    kind = getattr(message, "message_type", "")
    if kind == "approval_request_message":
        call_id = message.tool_call.tool_call_id  # type: ignore[attr-defined]
        return f"call {call_id}" if call_id else ""
    return str(getattr(message, "content", "")) if kind == "assistant_message" else ""


@contextmanager
def client_of(seed: Path, script: Path | None = None) -> Iterator[Letta]:
    """A client of a mock with a seed and a script."""
    rules = None if script is None else str(script)
    with MockLetta(seed=str(seed), script=rules) as mock, mock.client(max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a recording and what was learned from it."""
    directory = tmp_path_factory.mktemp("learned")
    with (
        MockLetta(script=SCRIPT) as server,
        recorded(server.base_url, directory / "a") as proxy,
        server.client(base_url=proxy.base_url, max_retries=0) as client,
    ):
        (directory / "heard").write_text(repr(session(client)))
    for moment in ("end", "start"):
        options = ("--seed", str(directory / f"{moment}.yaml"), "--at", moment)
        assert run("learn", str(directory / "a"), *options).exit_code == 0
    done = run("learn", str(directory / "a"), "--script", str(directory / "replies.yaml"))
    assert "replies.yaml: 8 replies" in done.stdout
    return directory


def test_what_was_learned_passes_check(files: Path) -> None:
    names = [str(files / name) for name in ("end.yaml", "start.yaml", "replies.yaml")]
    checked = run("check", *names)
    assert (checked.exit_code, checked.stdout.count("no problems")) == (0, 3), checked.stdout


@pytest.mark.parametrize("moment", ["end", "start"])
def test_the_same_app_gets_the_same_texts(files: Path, moment: str) -> None:
    with client_of(files / f"{moment}.yaml", files / "replies.yaml") as client:
        assert repr(session(client)) == (files / "heard").read_text()


def test_the_world_goes_on_where_the_recording_ends(files: Path) -> None:
    with client_of(files / "end.yaml", files / "replies.yaml") as client:
        [agent] = client.agents.list(tags=["a"])
        assert (agent.name, agent.system) == ("learned", "Be brief.")
        blocks = {block.label: block.value for block in client.agents.blocks.list(agent.id)}
        assert blocks == {"human": "Ann\nLikes tea.", "team": "Standup is at 9."}
        [conversation] = client.conversations.list(agent_id=agent.id)
        history = client.conversations.messages.list(conversation.id, order="asc")
        said = [text_of(one) for one in history if text_of(one)]
        assert said[:3] == ["It is 18 degrees, {{braces}}.", "Noted.", "Once."]
        assert ask(client, conversation.id, "a story") == "Once."


def test_a_changed_app_gets_sensible_answers(files: Path) -> None:
    with client_of(files / "end.yaml", files / "replies.yaml") as client:
        agent = next(one for one in client.agents.list() if one.name == "learned")
        conversation = client.conversations.create(agent_id=agent.id)
        assert "tea" in ask(client, conversation.id, "What do I like?")


def test_a_held_out_session_of_the_same_kind_is_answered(files: Path) -> None:
    others = [
        "What is the weather in Oslo?",
        "Remember that I like green tea.",
        "Tell me a story about a fox.",
        "How many blocks do you have?",
        "Thank you!",
    ]
    with client_of(files / "start.yaml", files / "replies.yaml") as client:
        tool = client.tools.create(source_code=TOOL)
        agent = client.agents.create(
            name="held out",
            model=MODEL,
            tool_ids=[tool.id],
            memory_blocks=[{"label": "human", "value": "Bob"}],
        )
        conversation = client.conversations.create(agent_id=agent.id)
        heard = [ask(client, conversation.id, one) for one in others]
        assert "tea" in str(client.agents.blocks.retrieve("human", agent_id=agent.id).value)
    assert all(heard)
    assert "failed" not in heard
    assert len(set(heard)) == len(heard)


def test_the_start_has_only_what_was_there(files: Path) -> None:
    assert yaml.safe_load((files / "start.yaml").read_text()) == {"version": 1}
    end = yaml.safe_load((files / "end.yaml").read_text())
    assert [agent["name"] for agent in end["agents"]] == ["learned", "other"]
    assert [block["label"] for block in end["blocks"]] == ["team"]
    assert "folders" not in end


def test_pauses_and_usage_are_learned_on_request(files: Path) -> None:
    script = files / "exact.yaml"
    run("learn", str(files / "a"), "--script", str(script), "--usage", "--pauses")
    items = yaml.safe_load(script.read_text())["replies"][0]["reply"]
    counted = [one["usage"]["completion_tokens"] for one in items if "usage" in one]
    assert (len(counted), counted[0]) == (2, 0)
    assert run("check", str(script)).exit_code == 0


def test_a_history_that_was_only_read_is_learned(tmp_path: Path) -> None:
    with MockLetta() as server, server.client() as client:
        agent = client.agents.create(name="old", model=MODEL)
        conversation = client.conversations.create(agent_id=agent.id)
        ask(client, conversation.id, "My name is Ann.")
        with (
            recorded(server.base_url, tmp_path / "a") as proxy,
            server.client(base_url=proxy.base_url) as watched,
        ):
            watched.agents.retrieve(agent.id)
            watched.conversations.retrieve(conversation.id)
            watched.conversations.messages.list(conversation.id)
            ask(watched, conversation.id, "Hello.")
    run("learn", str(tmp_path / "a"), "--seed", str(tmp_path / "start.yaml"), "--at", "start")
    with client_of(tmp_path / "start.yaml") as client:
        assert "Ann" in ask(client, conversation.id, "What is my name?")


def test_files_of_folders_are_learned(tmp_path: Path) -> None:
    with MockLetta() as server, server.client() as client:
        folder = client.folders.create(name="papers", embedding="openai/text-embedding-3-small")
        for name in ("old.txt", "unseen.txt", "gone.txt"):
            client.folders.files.upload(folder.id, file=(name, name.encode()))
        server.clock.advance(1)
        agent = client.agents.create(name="reader", model=MODEL)
        client.agents.folders.attach(folder.id, agent_id=agent.id)
        with (
            recorded(server.base_url, tmp_path / "a") as proxy,
            server.client(base_url=proxy.base_url) as watched,
        ):
            read_files(watched, folder.id, agent.id)
    done = run("learn", str(tmp_path / "a"), "--seed", str(tmp_path / "end.yaml"))
    assert "unseen.txt: the recording does not show the file's text" in done.stdout
    with client_of(tmp_path / "end.yaml") as client:
        files = client.folders.files.list(folder.id, extra_query={"include_content": "true"})
        texts = {str(one.file_name): one.content for one in files}
        assert texts == {"old.txt": "old.txt", "new.txt": "Opening hours"}
        assert [one.id for one in client.agents.folders.list(agent.id)] == [folder.id]


def read_files(client: Letta, folder_id: str, agent_id: str) -> None:
    """An app that reads one file, adds one, deletes one, and only lists another."""
    client.folders.retrieve(folder_id)
    client.agents.retrieve(agent_id, include=["agent.sources"])
    ids = {str(one.file_name): str(one.id) for one in client.folders.files.list(folder_id)}
    path = f"/v1/folders/{folder_id}/files/{ids['old.txt']}?include_content=true"
    client.get(path, cast_to=object)
    client.folders.files.upload(folder_id, file=("new.txt", b"Opening hours"))
    client.folders.files.delete(ids["gone.txt"], folder_id=folder_id)


def test_a_command_needs_something_to_write_and_a_recording(tmp_path: Path) -> None:
    assert "give --seed, --script or both" in run("learn", "a").stderr
    missing = run("learn", str(tmp_path / "a"), "--seed", "b")
    assert (missing.exit_code, "No such file" in missing.stderr) == (1, True)


def test_the_recording_is_whole(files: Path) -> None:
    assert [one.status for one in read(files / "a").exchanges if one.status >= 400] == []
