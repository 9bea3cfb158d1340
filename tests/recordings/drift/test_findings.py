"""Drift finds every planted change, and nothing where nothing changed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockletta.recordings.drift.findings import DriftReport, report_on
from mockletta.recordings.drift.playing import Outcome, PlayedScenario
from mockletta.recordings.drift.reports import (
    json_report,
    junit_report,
    markdown_report,
    text_report,
)
from mockletta.recordings.drift.scenario import (
    Scenario,
    ScenarioAnswer,
    ScenarioExchange,
    ScenarioRequest,
)
from mockletta.recordings.drift.value_comparison import AnswerDifference
from mockletta.recordings.recording import Recording
from tests.recordings.drift.drifting import changed, drift, mixed_recording, told


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return mixed_recording(tmp_path_factory.mktemp("drift"))


def numbers(recording: Recording, operation: str) -> list[int]:
    return [one.number for one in recording.exchanges if one.operation == operation]


def test_a_second_recording_of_the_same_session_is_no_drift(
    recording: Recording, tmp_path: Path
) -> None:
    for one in (recording, mixed_recording(tmp_path)):
        report = drift(one)
        assert (told(report.findings), report.compared) == (set(), len(one.exchanges))


def planted(recording: Recording) -> Recording:
    """A recording of a real API that differs from the mock in twenty places."""
    [agent] = numbers(recording, "agents.create")
    [conversation] = numbers(recording, "conversations.create")
    first, second = numbers(recording, "conversations.messages.create")
    [listed] = numbers(recording, "conversations.messages.list")
    direct = numbers(recording, "agents.messages.create")[0]
    first_page, second_page, _ = numbers(recording, "blocks.list")
    [missing] = numbers(recording, "blocks.retrieve")
    page = json.loads(recording.by_number[first_page].body)
    [tool] = numbers(recording, "tools.create")

    def of_agent(body: Any) -> Any:  # noqa: ANN401
        del body["timezone"]
        body["blocks"][0]["limit"] = 5
        return {
            **body,
            "new": 1,
            "tags": None,
            "name": 5,
            "llm_config": {**body["llm_config"], "n": 0},
        }

    def of_stream(events: list[Any]) -> list[Any]:
        del events[1]["sender_id"]
        events[2]["new"] = True
        events[-1]["completion_tokens"] = "many"
        return events

    def of_other_stream(events: list[Any]) -> list[Any]:
        return [*events[:-2], events[-1], events[-2]]

    return changed(
        recording,
        {
            agent: of_agent,
            conversation: lambda body: {**body, "summary": 3},
            first: of_stream,
            second: of_other_stream,
            listed: lambda rows: rows[::-1],
            direct: lambda body: {**body, "stop_reason": None, "more": []},
            first_page: lambda rows: [*rows, *rows],
            second_page: lambda _: page,
            missing: lambda body: {**body, "detail": "There is no such block."},
            tool: lambda body: {**body, "tool_type": "external"},
        },
    )


def with_other_statuses(recording: Recording) -> Recording:
    """The recording with other statuses and another header too."""
    other = {"agents.retrieve": 410, "agents.delete": 204, "agents.update": 400}
    text = [("content-type", "text/plain")]
    exchanges = [
        replace(
            one,
            status=other.get(one.operation, one.status),
            response_headers=text
            if one.operation == "folders.files.upload"
            else one.response_headers,
        )
        for one in recording.exchanges
    ]
    return replace(recording, exchanges=exchanges)


def test_twenty_planted_changes_are_found(recording: Recording) -> None:
    report = drift(with_other_statuses(planted(recording)))
    statuses = [one for one in report.findings if one.kind == "status"]
    assert [list(one.operations) for one in statuses] == [
        ["agents.delete"],
        ["agents.retrieve"],
        ["agents.update"],
    ]
    assert told(report.findings) == {
        ("info", "new field", "$.new"),
        ("warn", "missing field", "$.timezone"),
        ("error", "type", "$.tags"),
        ("error", "type", "$.name"),
        ("info", "value", "$.blocks[*].limit"),
        ("info", "new field", "$.llm_config.n"),
        ("error", "type", "$.summary"),
        ("warn", "missing field", "event(reasoning_message).sender_id"),
        ("info", "new field", "event(tool_call_message).new"),
        ("error", "type", "event(usage_statistics).completion_tokens"),
        ("info", "value", "event(usage_statistics).total_tokens"),
        ("error", "order", "event(stop_reason).message_type"),
        ("error", "order", "event(usage_statistics).message_type"),
        ("error", "order", "$.order"),
        ("error", "type", "$.stop_reason"),
        ("info", "new field", "$.more"),
        ("error", "order", "$.length"),
        ("info", "value", "$.tool_type"),
        ("error", "status", "status"),
        ("warn", "header", "header content-type"),
        ("warn", "text", "$.detail"),
    }
    [pages] = [one for one in report.findings if one.path == "$.length"]
    assert pages.operations == {"blocks.list": 2}


def finding(expected: object, got: object, path: str = "$.a", status: int = 200) -> DriftReport:
    exchange = ScenarioExchange(
        0, "x.y", ScenarioRequest("GET", "/v1/x", {}, {}), ScenarioAnswer(status, {}, body={})
    )
    outcome = Outcome(exchange, "different", (AnswerDifference(path, expected, got),))
    left_out = Outcome(exchange, "unbound", note="no agent yet")
    played = PlayedScenario(Scenario("f", [exchange]), [outcome, left_out])
    return report_on([played], {("f", 0): ["a-quirk"]})


@pytest.mark.parametrize(
    ("expected", "got", "path", "status", "kind"),
    [
        ("a", "b", "$.detail", 422, "text"),
        ("a", "b", "$.detail", 200, "value"),
        ("an answer", "no", "answer", 200, "no answer"),
        (True, 1, "$.a", 200, "type"),
        (None, "x", "$.a", 200, "type"),
    ],
)
def test_kinds(expected: object, got: object, path: str, status: int, kind: str) -> None:
    assert [one.kind for one in finding(expected, got, path, status).findings] == [kind]


def test_what_follows_from_another_number_of_events_is_left_out() -> None:
    exchange = ScenarioExchange(
        0, "x", ScenarioRequest("GET", "/", {}, {}), ScenarioAnswer(200, {}, frames=())
    )
    paths = ("stream.length", "data 1.a", "event 1")
    outcome = Outcome(exchange, "different", tuple(AnswerDifference(one, 1, 2) for one in paths))
    report = report_on([PlayedScenario(Scenario("f", [exchange]), [outcome])], {})
    assert told(report.findings) == {("error", "order", "stream.length")}


def test_the_smallest_exchange_shows_a_cause() -> None:
    outcomes = []
    for index, length in enumerate((50, 5, 20)):
        answer = ScenarioAnswer(200, {}, body={"a": "x" * length})
        exchange = ScenarioExchange(index, "x", ScenarioRequest("GET", "/", {}, {}), answer)
        outcomes.append(Outcome(exchange, "different", (AnswerDifference("$.a", 1, "x"),)))
    scenario = Scenario("f", [one.exchange for one in outcomes])
    [found] = report_on([PlayedScenario(scenario, outcomes)], {}).findings
    assert (found.example.index, found.operations) == (1, {"x": 3})


def test_the_levels_are_ordered() -> None:
    assert finding("a", "b").reaches("info")
    assert not finding("a", "b").reaches("warn")
    assert not DriftReport().reaches("info")


def test_the_report_for_people_names_the_exchange_and_the_quirk() -> None:
    assert text_report(finding("a" * 200, None)).splitlines() == [
        "error: type at $.a of x.y (1x)",
        f"    real: {'a' * 130}…{'a' * 25}",
        "    mock: null",
        "    as in f, request 1: GET /v1/x",
        "    the answer depends on the quirk a-quirk",
        "not compared: unbound: no agent yet (1x)",
        "1 exchanges compared: 1 error",
    ]


def test_the_other_reports() -> None:
    report = finding("a|b", {"c": 1})
    assert '"kind": "type"' in json_report(report)
    assert '<failure type="error" message="type at $.a of x.y">' in junit_report(report, "warn")
    assert 'failures="0"' in junit_report(finding("a", "b"), "error")
    assert '| error | type at `$.a` | `x.y` | `a\\|b` | `{"c": 1}` |' in markdown_report(report)
    assert "It depends on the quirk `a-quirk`." in markdown_report(report)
    assert "answers as the real API did" in markdown_report(DriftReport())
    assert "answers as the real API did" in junit_report(DriftReport(), "info")
