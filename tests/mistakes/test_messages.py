"""The mistakes of docs/troubleshooting.md: each is made, and says what the page says it does."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

import pytest

from tests.mistakes.making import (
    answer,
    command,
    logged,
    mock,
    real_host,
    seed,
    served,
    setting,
    speak_tls,
    taken_port,
)
from tests.source import ROOT

PAGE = ROOT / "docs" / "troubleshooting.md"
BLOCK = "block-00000000-0000-4000-8000-000000000009"
STRICT = {"replies": [{"when": "weather", "reply": "Rain."}], "otherwise": "strict"}
MESSAGES = "/v1/agents/{agent}/messages"
LOCAL = {"mcp_server_type": "sse", "server_url": "http://127.0.0.1:9000/sse"}


async def asynchronous(turn: object) -> bool:
    raise NotImplementedError


RAISED: list[Callable[[], str]] = [
    lambda: setting(tenancy="keys"),
    lambda: setting(tenency="key"),
    lambda: setting(pace=20),
    lambda: setting(ttft="soon"),
    lambda: setting(quirks="recordd"),
    lambda: setting(require_key=""),
    lambda: setting(port="8283"),
    lambda: setting(deterministic="yes"),
    lambda: setting(freeze="tomorrow"),
    lambda: setting(models="gpt-4o"),
    lambda: setting(brain=asynchronous),
    lambda: setting(brain="localhost:8000"),
    lambda: setting(brain_without=["ech"]),
    lambda: setting(seed="missing.yaml"),
    taken_port,
    lambda: mock(lambda made: made.clock.advance("2 minutes")),
    lambda: mock(lambda made: made.restore("world.jsonl")),  # type: ignore[arg-type]
    lambda: mock(lambda made: made.mcp_server("files", [3])),
    lambda: mock(lambda made: made.clock.advance(-1)),
    lambda: mock(lambda made: made.load("missing.snapshot")),
    real_host,
    lambda: command("serve", MOCKLETTA_PORT="abc"),
    lambda: command("serve", MOCKLETTA_PORT="tcp://10.0.0.1:8283"),
    lambda: served("--log-level", "loud"),
    lambda: command("srve"),
    lambda: served("--", "npm", "test"),
    lambda: served("--reload"),
    lambda: served("--state-sync", "always"),
    lambda: seed(agent=[]),
    lambda: seed(agents=[{"id": "agent-1"}]),
    lambda: seed(agents=[{"block_ids": [BLOCK]}]),
    lambda: seed(agents=[{"model": "opneai/gpt-4o"}]),
    lambda: setting(script={"replies": [{"whn": "x", "reply": "y"}]}),
    lambda: mock(lambda made: made.when(agnet="x")),
    lambda: mock(lambda made: made.when(asynchronous)),
    lambda: mock(lambda made: made.when("x").fail("rate_limt")),
    lambda: answer("POST", MESSAGES, {"input": "Hello", "streaming": False}, script=STRICT),
    lambda: mock(lambda made: made.faults.add("agents.list", status=500, times="1")),
    lambda: mock(lambda made: made.faults.add("agents.creat", status=500)),
    lambda: mock(lambda made: made.faults.add("agents.list", stauts=500)),
    lambda: mock(lambda made: made.journal.expect_none("agents.delet")),
    lambda: mock(lambda made: made.journal.expect("agents.create")),
    lambda: answer("POST", "/_mockletta/journal/expect", {"name": "x"}),
    lambda: answer("POST", "/v1/mcp-servers/", {"server_name": "a", "config": LOCAL}),
]
FERN = {"x-fern-sdk-version": "0.1.324"}
MISSPELLED = {"model": "openai/gpt-4o-mimi"}
LOGGED: list[Callable[[], object]] = [
    lambda: command("serve", "--port", "0", "--exec", "true", MOCKLETTA_SCRIPTS="x"),
    logged(("GET", "/v1/v1/agents/", {})),
    speak_tls,
    logged(("GET", "/v1/agents/", FERN)),
    logged(("POST", "/v1/agents/", {}), body=MISSPELLED),
]
SEEN = [
    found.replace("...", "*")
    for found in re.findall(r"^\| ``(.+?)`` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
]


def matches(text: str, pattern: str) -> bool:
    return fnmatchcase(" ".join(text.split()), pattern.replace("[", "[[]"))


def test_every_mistake_has_its_line_on_the_page() -> None:
    assert len(SEEN) == len(RAISED) + len(LOGGED) >= 40


@pytest.mark.parametrize(("make", "pattern"), [*zip(RAISED, SEEN, strict=False)])
def test_a_mistake_is_told_as_the_page_says(make: Callable[[], str], pattern: str) -> None:
    told = make()

    assert matches(told, pattern), told


@pytest.mark.parametrize(("make", "pattern"), [*zip(LOGGED, SEEN[len(RAISED) :], strict=False)])
def test_a_mistake_is_logged_as_the_page_says(
    caplog: pytest.LogCaptureFixture, make: Callable[[], object], pattern: str
) -> None:
    make()

    told = [record.getMessage() for record in caplog.records]
    assert any(matches(one, pattern) for one in told), told
