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
    assert sorted(left) == sorted(
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
    assert accept(findings, tmp_path / "o.yaml") == (1, ["text at $.x of blocks.retrieve"])
    [entry] = yaml.safe_load((tmp_path / "o.yaml").read_text())["overrides"]
    assert (entry["errors"], entry["set"]) == (True, {"$.detail": "Gone."})


def test_without_findings_the_file_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "overrides.yaml"
    assert accept(DriftReport().findings, file) == (0, [])
    assert yaml.safe_load(file.read_text()) == {"version": 1, "overrides": []}
