"""The server under test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from mockletta.recordings.drift.transcripts import ScenarioTranscript

from .server_under_test import Served, serving


@pytest.fixture
def serve() -> Iterator[Callable[[ScenarioTranscript], Served]]:
    """Start a fresh server for a transcript."""
    with ExitStack() as running:
        yield lambda transcript: running.enter_context(serving(transcript))
