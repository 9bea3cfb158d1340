"""`mockletta drift` and the other commands read the transcripts with the engine of recordings."""

from pathlib import Path

import pytest

from mockletta.recordings.recording import BadRecording
from mockletta.recordings.recording_reader import load_recording
from mockletta.testing.drift_run import DriftOptions, find_drift

from .deviations import DEVIATIONS, KINDS
from .exchanges import FOLDER


def test_drift_finds_in_a_transcript_what_the_deviations_know() -> None:
    name = "17_messages_list"
    recording = load_recording(FOLDER / f"{name}.json")
    report = find_drift([(name, recording)], DriftOptions(profile="open"))
    found = {one.difference for one in report.findings}
    assert [(one.kind, list(one.operations)) for one in report.findings] == [
        ("status", ["agents.messages.list"]),
        ("status", ["conversations.messages.list"]),
    ]
    known = [one for one in (*DEVIATIONS, *KINDS) if name.startswith(one.file)]
    assert all(any(one.excuses(each, 422) for one in known) for each in found)


def test_an_upload_of_a_transcript_is_a_form_again() -> None:
    recording = load_recording(FOLDER / "64_folders_files.json")
    upload = next(one for one in recording.exchanges if one.path.endswith("/upload"))
    assert upload.operation == "folders.files.upload"
    assert b'Content-Disposition: form-data; name="file"; filename="' in upload.content.data


def test_another_file_is_no_transcript(tmp_path: Path) -> None:
    for text in ("{}", "[", "3"):
        (tmp_path / "a.json").write_text(text)
        with pytest.raises(BadRecording, match=r"a\.json: not a transcript: "):
            load_recording(tmp_path / "a.json")
