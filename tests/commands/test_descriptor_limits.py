"""A server may hold more connections than the usual limit allows."""

from collections.abc import Iterator
from resource import RLIMIT_NOFILE, getrlimit, setrlimit

import pytest

from mockletta.commands.descriptor_limits import MANY_FILES, allow_many_files


@pytest.fixture(autouse=True)
def limits() -> Iterator[tuple[int, int]]:
    """How many files this process may open, now and at most; put back afterwards."""
    before = getrlimit(RLIMIT_NOFILE)
    yield before
    setrlimit(RLIMIT_NOFILE, before)


def test_a_low_limit_is_raised(limits: tuple[int, int]) -> None:
    _, hard = limits
    setrlimit(RLIMIT_NOFILE, (1_000, hard))
    allow_many_files()
    assert getrlimit(RLIMIT_NOFILE)[0] in (hard, MANY_FILES)


def test_a_high_one_stays(limits: tuple[int, int]) -> None:
    allow_many_files()
    before = getrlimit(RLIMIT_NOFILE)
    allow_many_files()
    assert getrlimit(RLIMIT_NOFILE) == before
