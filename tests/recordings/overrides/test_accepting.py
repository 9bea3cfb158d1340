"""What drift finds is accepted into a file of overrides, and then is no drift any more."""

from pathlib import Path

import pytest
import yaml

from mockletta.recordings.drift.findings import DriftFinding, DriftReport
from mockletta.recordings.drift.scenario import (
    ScenarioAnswer,
    ScenarioExchange,
    ScenarioRequest,
)
from mockletta.recordings.drift.value_comparison import AnswerDifference
from mockletta.recordings.overrides.accepting import accept
from mockletta.recordings.recording import Recording
from tests.recordings.drift.drifting import drift, mixed_recording
from tests.recordings.drift.test_findings import planted, with_other_statuses


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return with_other_statuses(planted(mixed_recording(tmp_path_factory.mktemp("accepted"))))


def test_what_can_be_corrected_is_corrected(recording: Recording, tmp_path: Path) -> None:
    file = tmp_path / "sub" / "overrides.yaml"
    found = drift(recording)
    added, left = accept(found.findings, file)
    assert added > 10
    assert sorted(one.rpartition(": ")[0] for one in left) == sorted(
        one.title for one in drift(recording, overrides=str(file)).findings
    )
    assert accept(found.findings, file)[0] == 0


def test_a_status_is_accepted_for_its_request_only(recording: Recording, tmp_path: Path) -> None:
    file = tmp_path / "overrides.yaml"
    accept(drift(recording).findings, file)
    refusals = [one for one in yaml.safe_load(file.read_text())["overrides"] if "status" in one]
    assert [(one["operation"], one["when"]) for one in refusals] == [
        ("agents.update", {"body": {"model": "no model"}})
    ]


def test_an_error_is_corrected_in_errors_only(tmp_path: Path) -> None:
    exchange = ScenarioExchange(
        0,
        "blocks.retrieve",
        ScenarioRequest("GET", "/v1/blocks/x", {}, {}),
        ScenarioAnswer(404, {}, body={"detail": "Gone."}),
    )
    there, elsewhere = (AnswerDifference(path, "Gone.", "No.") for path in ("$.detail", "$.x"))
    findings = [
        DriftFinding("warn", "text", one.path, {"blocks.retrieve": 1}, "f", exchange, one)
        for one in (there, elsewhere)
    ]
    assert accept(findings, tmp_path / "o.yaml") == (
        1,
        ["text at $.x of blocks.retrieve: overrides cannot name its place"],
    )
    [entry] = yaml.safe_load((tmp_path / "o.yaml").read_text())["overrides"]
    assert (entry["errors"], entry["set"]) == (True, {"$.detail": "Gone."})


UUID = "5ed744f6-fc40-45d9-a860-14e2a46433ef"


def found(kind: str, path: str, recorded: ScenarioAnswer, value: object = None) -> DriftFinding:
    request = ScenarioRequest("GET", "/v1/blocks/", {}, {})
    exchange = ScenarioExchange(0, "blocks.list", request, recorded)
    difference = AnswerDifference(path, value, None)
    return DriftFinding("error", kind, path, {"blocks.list": 1}, "f", exchange, difference)


@pytest.mark.parametrize(
    ("names", "entry"), [("abc", {"$": "name"}), ("cba", {"$": "-name"}), ("bca", None)]
)
def test_a_list_is_sorted_by_the_field_that_shows_its_order(
    names: str, entry: object, tmp_path: Path
) -> None:
    answer = ScenarioAnswer(200, {}, body=[{"name": name} for name in names])
    added, left = accept([found("order", "$.order", answer)], tmp_path / "o.yaml")
    assert added == (entry is not None)
    reasons = ["order at $.order of blocks.list: no field shows how the list is sorted"]
    assert left == ([] if entry else reasons)
    if entry:
        [written] = yaml.safe_load((tmp_path / "o.yaml").read_text())["overrides"]
        assert written["sort"] == entry


@pytest.mark.parametrize(
    ("kind", "path", "value", "reason"),
    [
        ("order", "stream.length", "", "cannot move, add or remove events"),
        ("order", "event(ping).message_type", "", "cannot move, add or remove events"),
        ("order", "$.x.order", "", "no field shows how the list is sorted"),
        ("order", "$.a[b].order", "", "no field shows how the list is sorted"),
        ("header", "header location", f"/v1/blocks/block-{UUID}", "the header names an object"),
        ("no answer", "answer", "", "overrides change only answers"),
        ("status", "status", "", "the request has no query and no body"),
    ],
)
def test_the_reason_is_given(kind: str, path: str, value: str, reason: str, tmp_path: Path) -> None:
    answer = ScenarioAnswer(200, {}, body={})
    added, [left] = accept([found(kind, path, answer, value)], tmp_path / "o.yaml")
    assert added == 0
    assert reason in left


def test_without_findings_the_file_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "overrides.yaml"
    assert accept(DriftReport().findings, file) == (0, [])
    assert yaml.safe_load(file.read_text()) == {"version": 1, "overrides": []}
