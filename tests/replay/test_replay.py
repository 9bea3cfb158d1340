"""Every recording in `transcripts/` is a test: another file dropped in is a new one."""

from collections.abc import Callable

import pytest

from mockletta.recordings.drift.transcripts import ScenarioTranscript

from .deviations import DEVIATIONS
from .exchanges import named, names
from .replaying import replay
from .server_under_test import Served


@pytest.mark.parametrize("name", names())
def test_a_recording_replays(name: str, serve: Callable[[ScenarioTranscript], Served]) -> None:
    transcript = named(name)
    server = serve(transcript)
    failures = replay(transcript, server.url, server.wait, listener=server.listener).failures(
        DEVIATIONS
    )
    assert not failures, f"\n{failures}"
