"""`mockletta watch` and `mockletta open`."""

import json
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from signal import SIGINT

import pytest
from click.testing import CliRunner

from mockletta import MockLetta
from mockletta.cli import main
from mockletta.commands import watch
from mockletta.commands.control_client import ControlClient

MODEL = "openai/gpt-4o-mini"


@contextmanager
def watched(mock: MockLetta, *options: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "mockletta", "watch", "--url", mock.base_url, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while not mock.worlds.feed.interest:
            mock.worlds.main.clock.peek()
        try:
            yield process
        finally:
            process.send_signal(SIGINT)
            process.wait()


def read(process: "subprocess.Popen[str]", lines: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip("\n") for _ in range(lines)]


def test_a_reply_types_itself_out() -> None:
    with MockLetta() as mock, mock.client() as client:
        agent = client.agents.create(name="support", model=MODEL)
        conversation = client.conversations.create(agent_id=agent.id).id
        mock.when("slow").think("Hm.").say("one two", tokens_per_second=50)
        with watched(mock, "--agent", "support") as process:
            client.blocks.list()
            sent = client.conversations.messages.create(
                conversation, input="slow", stream_tokens=True
            )
            list(sent)
            lines = read(process, 5)
    assert lines[0].startswith("  support (reasoning): Hm.")
    assert lines[1] == "  support: one two"
    assert " conversations.messages.create support 200 " in lines[2]
    assert lines[3:] == ["  user: slow", "  support: one two"]


def test_events_can_be_json() -> None:
    with (
        MockLetta() as mock,
        mock.client() as client,
        watched(mock, "--operation", "agents.*", "--json") as process,
    ):
        client.agents.list()
        hello, request, response = map(json.loads, read(process, 3))
    kinds = [event["event"] for event in (hello, request, response)]
    assert kinds == ["hello", "request", "response"]
    assert response["status"] == 200


def test_watching_survives_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SECONDS_BETWEEN_TRIES", 0.01)
    with MockLetta() as mock:
        events = watch.events_of(ControlClient(mock.base_url), {})
        first = next(events)
        port = int(mock.base_url.rpartition(":")[2])
    with MockLetta(port=port):
        second = next(events)
    assert (first[0], second[0]) == ("hello", "hello")
    assert first[1]["server"] != second[1]["server"]


def test_an_unknown_agent_is_named() -> None:
    with MockLetta() as mock:
        done = CliRunner().invoke(main, ["watch", "--url", mock.base_url, "--agent", "nobody"])
    assert (done.exit_code, "no agent is called 'nobody'" in done.output) == (1, True)


def test_a_server_that_refuses_is_not_asked_again() -> None:
    with MockLetta() as mock:
        remote = ControlClient(mock.base_url, "wrong")
        with pytest.raises(Exception, match="at most 200 characters"):
            next(remote.follow("/events", None, {"world": "x" * 201}))


@pytest.mark.parametrize("found", [True, False])
def test_the_console_opens_in_the_browser(monkeypatch: pytest.MonkeyPatch, found: bool) -> None:
    opened: list[str] = []

    def show(url: str) -> bool:
        opened.append(url)
        return found

    monkeypatch.setattr(webbrowser, "open", show)
    done = CliRunner().invoke(main, ["open", "--url", "http://127.0.0.1:8283"])
    assert opened == ["http://127.0.0.1:8283/_mockletta/console"]
    assert ("No browser" in done.output) is not found


def test_what_cannot_be_typed_now_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    typist = watch.ReplyPrinter(ControlClient("http://127.0.0.1:1"), colour=False)
    for number, text in ((1, "One"), (2, "Two")):
        frame = {"message_type": "assistant_message", "content": text}
        typist.take("frames", {"number": number, "frames": [frame]})
    typist.take("response", {"number": 3, "operation": "health"})
    typist.take("lost", {"events": 3})

    assert capsys.readouterr() == ("  agent: One", "(3 events were lost)\n")


def test_all_worlds_of_a_server_are_watched() -> None:
    with MockLetta(tenancy="key") as mock, mock.client(api_key="a") as client:
        client.agents.list()
        with watched(mock, "--json") as process:
            assert json.loads(read(process, 1)[0])["event"] == "hello"
