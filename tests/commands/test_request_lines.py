"""The lines that `serve` prints while it answers."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mockletta import MockLetta
from mockletta.commands.request_lines import RequestLines, request_lines
from tests.readme import ROOT

MODEL = "openai/gpt-4o-mini"


@contextmanager
def printed(
    capsys: pytest.CaptureFixture[str], *, everything: bool = True, as_json: bool = False
) -> Iterator[tuple[MockLetta, list[str]]]:
    lines: list[str] = []
    with MockLetta(port=None) as mock:
        with request_lines(mock.worlds, everything=everything, colour=False, as_json=as_json):
            yield mock, lines
        lines += capsys.readouterr().err.splitlines()


def test_a_turn_is_told_with_who_said_what(capsys: pytest.CaptureFixture[str]) -> None:
    with printed(capsys) as (mock, lines), mock.client() as client:
        agent = client.agents.create(name="support", model=MODEL)
        client.agents.messages.create(agent.id, input="Say 'cheese'")
        client.health()
    heads = [" ".join(line.split()[1:4]) for line in lines if not line.startswith(" ")]
    assert heads == ["agents.create support 200", "agents.messages.create support 200"]
    assert [line for line in lines if line.startswith(" ")] == [
        "  user: Say 'cheese'",
        "  support: cheese",
    ]


def test_a_refusal_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    with (
        printed(capsys) as (mock, lines),
        mock.client(max_retries=0) as client,
        pytest.raises(Exception, match="404"),
    ):
        client.agents.retrieve("agent-11111111-1111-4111-8111-111111111111")
    assert lines[1].startswith("  Agent with ID agent-11111111")


def test_only_problems_are_told_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with printed(capsys, everything=False) as (mock, lines), mock.client(max_retries=0) as client:
        agent = client.agents.create(name="support", model=MODEL)
        mock.faults.add("agents.list", status=503)
        with pytest.raises(Exception, match="503"):
            client.agents.list()
        mock.world.script.otherwise = "strict"
        with pytest.raises(Exception, match="No rule matches"):
            client.agents.messages.create(agent.id, input="hello")
        published = [event.kind for event in mock.worlds.feed.after(0)]
    told = "\n".join(lines)
    assert " agents.list 503 " in told
    assert " agents.messages.create support 422 " in told
    assert "No rule matches" in told
    assert published == ["response", "response"]


def test_each_request_can_be_a_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    with printed(capsys, as_json=True) as (mock, lines), mock.client() as client:
        client.agents.create(name="support", model=MODEL)
    [entry] = map(json.loads, lines)
    assert (entry["operation"], entry["status"], entry["agent"]) == (
        "agents.create",
        200,
        "support",
    )


def test_events_that_were_not_printed_in_time_are_counted() -> None:
    out = io.StringIO()
    with MockLetta(port=None) as mock, mock.client() as client:
        mock.worlds.feed.most_bytes = 1_500
        lines = RequestLines(mock.worlds, out, everything=True, colour=False, as_json=False)
        mock.worlds.feed.join(lines)
        for _ in range(10):
            client.agents.list()
        lines.end()
        lines.run()
    assert "events were not printed in time)" in out.getvalue()


def test_a_reader_that_leaves_ends_the_lines() -> None:
    out = io.StringIO()
    with MockLetta(port=None) as mock, mock.client() as client:
        lines = RequestLines(mock.worlds, out, everything=True, colour=True, as_json=False)
        mock.worlds.feed.join(lines)
        client.agents.list()
        out.close()
        lines.run()


def test_the_lines_in_the_docs_are_those_of_the_first_five_minutes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    shown = next(block for block in page.split("```text\n") if "agents.create support" in block)
    with printed(capsys) as (mock, lines), mock.client() as client:
        agent = client.agents.create(name="support", model=MODEL)
        conversation = client.conversations.create(agent_id=agent.id)
        text = "My name is Alice and I love pizza."
        list(client.conversations.messages.create(conversation.id, input=text))
    expected = shown.partition("```")[0].splitlines()
    assert [plain(line) for line in lines] == [plain(line) for line in expected]


def plain(line: str) -> str:
    """A line without its time and its duration."""
    return re.sub(r"^[\d:]{8} |\d+\.\d ms", "", line)
