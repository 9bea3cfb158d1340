"""A running server that commands are for."""

from collections.abc import Iterator

import pytest

from mockletta import MockLetta


@pytest.fixture
def mock(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockLetta]:
    """A server that MOCKLETTA_URL leads to."""
    with MockLetta() as mock:
        monkeypatch.setenv("MOCKLETTA_URL", mock.base_url)
        yield mock
