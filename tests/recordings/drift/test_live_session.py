"""A session is played against a live server, which is left as it was."""

from pathlib import Path

import pytest

from mockletta import MockLetta
from mockletta.errors import BadSettings
from mockletta.recordings.drift.live_session import LiveSession, cost_of, created_paths
from mockletta.recordings.drift.scenario import (
    Scenario,
    ScenarioExchange,
    ScenarioRequest,
    recording_of,
    scenario_of,
)
from tests.recordings.drift.drifting import drift, mixed_recording
from tests.recordings.sessions import upstream


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return scenario_of(mixed_recording(tmp_path_factory.mktemp("live")), "mixed")


def rows_of(server: MockLetta) -> list[int]:
    store = server.world.store
    custom = [tool for tool in store.tools if tool.tool_type == "custom"]
    return [len(store.agents), len(store.blocks), len(store.folders), len(custom)]


def test_what_it_will_do_is_said_before(scenario: Scenario) -> None:
    assert cost_of(scenario) == (
        "18 requests, 4 messages to a model; "
        "creates 1 tools, 1 agents, 1 conversations, 1 blocks, 1 folders"
    )
    upsert = ScenarioExchange(0, "", ScenarioRequest("PUT", "/v1/tools/", {}, {}), None)
    assert cost_of(Scenario("a", [upsert])).endswith("creates nothing; 1 upserts, which stay")


def test_the_answers_of_now_are_compared_with_the_mock(scenario: Scenario) -> None:
    with upstream() as server:
        before = rows_of(server)
        with LiveSession(server.base_url, "a-key", pytest.fail) as session:
            live = recording_of(session.play(scenario))
        assert rows_of(server) == before
    assert [one.status for one in live.exchanges] == [
        one.recorded.status for one in scenario.exchanges if one.recorded is not None
    ]
    assert drift(live).findings == []


def test_an_interrupted_session_is_deleted_too(scenario: Scenario) -> None:
    answers = iter([False] * 4 + [True])
    with upstream() as server:
        before = rows_of(server)
        with (
            pytest.raises(BadSettings, match="interrupted"),
            LiveSession(server.base_url, "", pytest.fail) as session,
        ):
            session.play(scenario, is_interrupted=lambda: next(answers))
        assert rows_of(server) == before


def test_a_request_that_needs_what_did_not_come_is_left_out(scenario: Scenario) -> None:
    with upstream() as server, LiveSession(server.base_url, "", pytest.fail) as session:
        server.faults.add("agents.create", status=400)
        live = session.play(Scenario("first", scenario.exchanges[:4]))
    assert [one.name for one in live.exchanges] == ["tools.create", "agents.create"]


def test_a_long_session_is_refused(scenario: Scenario) -> None:
    session = LiveSession("http://localhost:1", "", pytest.fail)
    with pytest.raises(BadSettings, match="mixed has 18 requests, more than 3"):
        session.play(scenario, 3)


def test_what_cannot_be_deleted_is_said(scenario: Scenario) -> None:
    told: list[str] = []
    with upstream() as server:
        session = LiveSession(server.base_url, "", told.append)
        with session:
            session.play(Scenario("first", scenario.exchanges[:2]))
            server.stop()
    assert [line.split(" could")[0].rpartition("/")[0] for line in told] == [
        "/v1/agents",
        "/v1/blocks",
        "/v1/tools",
    ]


def test_what_came_with_an_import_is_deleted() -> None:
    request = ScenarioRequest("POST", "/v1/agents/import", {}, {})
    assert created_paths(request, {"agent_ids": ["agent-1"]}) == ["/v1/agents/agent-1"]
    assert created_paths(request, [{"id": "a"}, 3]) == ["/v1/agents/import/a"]


def test_a_server_that_does_not_answer_gives_nothing_to_compare(
    scenario: Scenario, tmp_path: Path
) -> None:
    told: list[str] = []
    with LiveSession("http://127.0.0.1:9", "", told.append) as session:
        live = recording_of(session.play(Scenario("first", scenario.exchanges[:1])))
    assert [(one.status, one.body) for one in live.exchanges] == [(0, b"")]
    assert told == ["/v1/tools/ gave no answer: its created objects are unknown"]
