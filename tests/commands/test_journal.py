"""`mockletta journal`: what was asked, and what is asked meanwhile."""

import json
from collections.abc import Callable
from itertools import islice
from typing import Any

import httpx
import pytest

from mockletta import MockLetta
from mockletta.commands import journal
from mockletta.commands.control_client import ControlClient
from mockletta.journal.entries import Entry
from tests.commands.running import run


def ask(mock: MockLetta, *paths: str) -> None:
    for path in paths:
        httpx.get(f"{mock.base_url}/v1/{path}/")


def begun(mock: MockLetta) -> Entry:
    """An entry whose answer is not over."""
    entry = Entry("GET", "/slow", b"", [], None, mock.clock.now())
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


def on_each_look(monkeypatch: pytest.MonkeyPatch, *steps: Callable[[], object]) -> None:
    """Do something each time the command waits; then press Ctrl-C."""
    left = iter(steps)

    def sleep(_: float) -> None:
        step = next(left, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr("time.sleep", sleep)


def test_it_follows_until_control_c(mock: MockLetta, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(mock, "agents")
    on_each_look(monkeypatch, lambda: ask(mock, "blocks"), lambda: ask(mock, "runs"))

    result = run("journal", "--follow", "--json")

    operations = [json.loads(line)["operation"] for line in result.output.splitlines()]
    assert operations == ["agents.list", "blocks.list", "runs.list"]
    assert result.exit_code == 0


def test_what_is_not_over_is_shown_once_it_is(
    mock: MockLetta, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = begun(mock)
    on_each_look(monkeypatch, lambda: ask(mock, "agents"), slow.finish)

    followed = journal.followed(ControlClient(mock.base_url), None, [])

    assert shown(list(islice(followed, 2))) == [2, 1]


def test_it_follows_more_than_come_at_once(
    mock: MockLetta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST_AT_ONCE", 2)
    ask(mock, *["agents"] * 5)

    followed = journal.followed(ControlClient(mock.base_url), "agents.*", [])

    assert shown(list(islice(followed, 5))) == [1, 2, 3, 4, 5]
