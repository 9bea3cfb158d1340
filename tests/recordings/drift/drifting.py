"""Recordings to compare, changed in the places that a test plants a drift in."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mockletta.http.sse import data_frame, frame_data, frames_in
from mockletta.recordings.drift.findings import DriftFinding, DriftReport
from mockletta.recordings.recording import Exchange, Recording
from mockletta.testing.drift_run import DriftOptions, find_drift
from tests.recordings.sessions import mixed_session, read, recorded, upstream

Change = Callable[[Any], Any]


def mixed_recording(directory: Path) -> Recording:
    """A recording of a mixed session."""
    file = directory / "mixed.jsonl"
    with upstream() as server, recorded(server.base_url, file) as session:
        mixed_session(session.base_url)
    return read(file)


def drift(recording: Recording, **options: Any) -> DriftReport:  # noqa: ANN401
    return find_drift([("mixed.jsonl", recording)], DriftOptions(**options))


def changed(recording: Recording, changes: Mapping[int, Change]) -> Recording:
    """A recording with other bodies in some exchanges, by number."""
    exchanges = [
        _with_body(one, changes[one.number]) if one.number in changes else one
        for one in recording.exchanges
    ]
    return replace(recording, exchanges=exchanges)


def _with_body(exchange: Exchange, change: Change) -> Exchange:
    if exchange.is_stream:
        data = _stream(exchange.body, change)
    else:
        data = json.dumps(change(json.loads(exchange.body))).encode()
    return replace(exchange, pieces=[(0.0, data)], whole_size=len(data))


def _stream(body: bytes, change: Change) -> bytes:
    """Change the list of a stream's events."""
    events = [frame_data(frame) or b"" for frame in frames_in(body)]
    read_events = [json.loads(one) for one in events if one != b"[DONE]"]
    return b"".join(
        data_frame(json.dumps(one).encode()) for one in change(read_events)
    ) + data_frame(b"[DONE]")


def told(findings: Sequence[DriftFinding]) -> set[tuple[str, str, str]]:
    """The level, kind and path of findings."""
    return {(one.level, one.kind, one.path) for one in findings}
