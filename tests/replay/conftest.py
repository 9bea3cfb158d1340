"""The server under test, or a skip while there is none."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec

import pytest

from .exchanges import Transcript
from .server_under_test import serving


@pytest.fixture
def serve() -> Iterator[Callable[[Transcript], str]]:
    """Start a fresh server for a transcript and return its base URL."""
    if find_spec("mockletta.server") is None:
        pytest.skip("mockletta.server is not written yet")
    with ExitStack() as running:
        yield lambda transcript: running.enter_context(serving(transcript))
