"""Every recording in `transcripts/` is a test: another file dropped in is a new one."""

from collections.abc import Callable

import pytest

from .deviations import DEVIATIONS
from .exchanges import Transcript, transcripts
from .replaying import replay
from .server_under_test import Served


@pytest.mark.parametrize("transcript", transcripts(), ids=lambda one: one.name)
def test_a_recording_replays(transcript: Transcript, serve: Callable[[Transcript], Served]) -> None:
    server = serve(transcript)
    failures = replay(transcript, server.url, server.wait, listener=server.listener).failures(
        DEVIATIONS
    )
    assert not failures, f"\n{failures}"
