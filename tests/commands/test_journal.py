"""`mockletta journal` and `mockletta verdict`."""

import json
import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any

import httpx
import pytest

from mockletta import MockLetta
from mockletta.commands import journal
from mockletta.commands.control_client import ControlClient
from mockletta.journal.entries import Entry, RecordedHeaders
from tests.commands.running import run


def ask(mock: MockLetta, *paths: str) -> None:
    for path in paths:
        httpx.get(f"{mock.base_url}/v1/{path}/")


def begun(mock: MockLetta) -> Entry:
    """An entry whose answer is not over."""
    entry = Entry("GET", "/slow", b"", RecordedHeaders.of([]), None, mock.clock.now())
    mock.journal.add(entry)
    return entry


def shown(entries: list[dict[str, Any]]) -> list[int]:
    return [entry["number"] for entry in entries]


def test_requests_are_shown_on_a_line_each_without_colours_in_a_pipe(mock: MockLetta) -> None:
    ask(mock, "agents", "nowhere")

    first, second = run("journal").output.splitlines()

    assert first.startswith("#1 ")
    assert " agents.list GET /v1/agents/ 200 " in first
    assert " no operation GET /v1/nowhere/ 404 " in second
    assert "\x1b" not in first


def test_some_are_asked_for(mock: MockLetta) -> None:
    ask(mock, "agents", "blocks", "agents")

    newest = run("journal", "--limit", "1").output
    blocks = run("journal", "--operation", "blocks.*").output

    assert (newest[:2], blocks[:2]) == ("#3", "#2")


def test_they_are_shown_at_length(mock: MockLetta) -> None:
    ask(mock, "agents")

    assert "\n  response:\n" in run("journal", "--long").output


def test_they_are_shown_as_json(mock: MockLetta) -> None:
    ask(mock, "agents", "blocks")

    lines = run("journal", "--json").output.splitlines()

    assert [json.loads(line)["operation"] for line in lines] == ["agents.list", "blocks.list"]


@pytest.mark.parametrize(("variable", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_colours_unless_it_wants_none(
    mock: MockLetta, variable: str, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(mock, "agents")
    monkeypatch.setenv("NO_COLOR", variable)

    result = run("journal", in_colour=True)

    assert ("\x1b[" in result.output) == coloured


def test_it_follows_until_control_c(mock: MockLetta, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(mock, "agents")
    follow = journal.followed

    def followed(remote: ControlClient, operation: str | None) -> Iterator[dict[str, Any]]:
        entries = follow(remote, operation)
        threading.Thread(target=ask_once_watched, args=(mock, "health", "blocks", "runs")).start()
        yield from islice(entries, 2)
        raise KeyboardInterrupt

    monkeypatch.setattr(journal, "followed", followed)
    result = run("journal", "--follow", "--json")

    operations = [json.loads(line)["operation"] for line in result.output.splitlines()]
    assert operations == ["agents.list", "blocks.list", "runs.list"]
    assert result.exit_code == 0


def ask_once_watched(mock: MockLetta, *paths: str) -> None:
    while not mock.worlds.feed.interest:
        mock.clock.peek()
    ask(mock, *paths)


def test_a_stream_is_shown_when_it_begins_and_when_it_is_over(mock: MockLetta) -> None:
    with mock.client() as client:
        agent = client.agents.create(model="openai/gpt-4o-mini")
        conversation = client.conversations.create(agent_id=agent.id).id
        mock.when("slow").say("a b c", tokens_per_second=20)
        entries = journal.followed(ControlClient(mock.base_url), "conversations.messages.*")
        found: list[dict[str, Any]] = []
        reading = threading.Thread(target=lambda: found.extend(islice(entries, 2)))
        reading.start()
        while not mock.worlds.feed.interest:
            mock.clock.peek()
        list(client.conversations.messages.create(conversation, input="slow", stream_tokens=True))
        reading.join()
    assert [entry["duration"] is None for entry in found] == [True, False]


def test_health_checks_are_not_followed(mock: MockLetta) -> None:
    entries = journal.followed(ControlClient(mock.base_url), None)
    found: list[dict[str, Any]] = []
    reading = threading.Thread(target=lambda: found.append(next(entries)))
    reading.start()
    while not mock.worlds.feed.interest:
        mock.clock.peek()
    ask(mock, "health", "agents")
    reading.join()
    assert [entry["operation"] for entry in found] == ["agents.list"]


def test_health_checks_are_shown_on_request_only(mock: MockLetta) -> None:
    ask(mock, "agents", *["health"] * 200)
    assert len(run("journal").output.splitlines()) == 1
    assert len(run("journal", "--operation", "health").output.splitlines()) == 20
    assert len(mock.journal) == 101


def test_without_a_key_all_worlds_are_shown() -> None:
    with MockLetta(tenancy="key") as mock:
        for key in ("worker-1", "worker-2"):
            with mock.client(api_key=key) as client:
                client.agents.list()
        url = mock.base_url
        everywhere = run("journal", "--json", MOCKLETTA_URL=url)
        one = run("journal", "--json", "--key", "worker-1", MOCKLETTA_URL=url)
        mock_verdict = run("verdict", MOCKLETTA_URL=url)
        as_json = run("verdict", "--json", MOCKLETTA_URL=url)
    lines = [line for line in everywhere.output.splitlines() if line.startswith("{")]
    assert {json.loads(line)["world"] for line in lines} == {"world-1", "world-2"}
    assert "requests to all 3 worlds" in everywhere.output
    assert len(one.output.splitlines()) == 1
    assert "world-2: clean" in mock_verdict.output
    assert json.loads(as_json.output)["worlds"]["main"]["clean"] is True


def break_off_too_early(mock: MockLetta) -> None:
    mock.faults.add("agents.list", status=429, retry_after=60)
    for _ in range(2):
        httpx.get(f"{mock.base_url}/v1/agents/")


def test_a_clean_client_is_told_so(mock: MockLetta) -> None:
    result = run("verdict")

    assert (result.exit_code, result.output) == (0, "clean\n")


def test_a_client_that_did_wrong_fails_the_command(mock: MockLetta) -> None:
    break_off_too_early(mock)

    told, allowed = run("verdict"), run("verdict", "--allow", "retry-after-ignored")

    assert (told.exit_code, allowed.exit_code) == (1, 0)
    assert told.output == f"{mock.verdict()}\n"


def test_a_verdict_is_told_in_json(mock: MockLetta) -> None:
    result = run("verdict", "--json")

    assert json.loads(result.output)["clean"] is True
