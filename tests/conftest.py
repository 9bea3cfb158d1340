"""What holds for every test: it has a time limit, and HTTP clients load certificates once."""

import signal
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import httpx
import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings

from tests.environment import amount
from tests.source import modules

SECONDS = amount(300, nightly=3_000)
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
# A shell's background job ignores SIGINT, and so would every server that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Limit the time of each test, so that a lost wake-up fails instead of hanging the suite."""
    for item in items:
        item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture(scope="session", autouse=True)
def certificates() -> Iterator[None]:
    """Load certificates once: that takes 20 ms, and httpx does it for every client."""
    with pytest.MonkeyPatch.context() as patch:
        name = "httpx._transports.default.create_ssl_context"
        patch.setattr(name, cache(httpx.create_ssl_context))
        yield


@pytest.fixture(scope="session")
def loaded() -> None:
    """Import the whole package: modules that are loaded with their first use are measured, too."""
    for module in modules():
        if module.file.name != "__main__.py":
            import_module(module.name)


@pytest.fixture(scope="module")
def unmeasured(loaded: None) -> Iterator[None]:
    """Pause the measuring of coverage, which slows down what runs the same lines again and again.

    The lines that such a module runs need other tests.
    """
    measuring = Coverage.current()
    if measuring is not None:
        measuring.stop()
    yield
    if measuring is not None:
        measuring.start()
