"""The TypeScript package, for tests that use it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mockletta import MockLetta
from tests.clients.node_project import install, lacking, pack
from tests.console.conftest import browser
from tests.environment import IS_CI

__all__ = ["browser"]


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packed package, made once for all workers."""
    reason = lacking()
    if reason is not None:
        assert not IS_CI, f"{reason}: make test installs them"
        pytest.skip(reason)
    base = tmp_path_factory.getbasetemp()
    return pack(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a server for runs that need not start one: starting takes most of a second."""
    with MockLetta(tenancy="key") as mock:
        yield mock.base_url


@pytest.fixture
def project(archive: Path, tmp_path: Path) -> Callable[..., Path]:
    """Make a project with the package and some files, by name without suffix."""

    def make(**files: str) -> Path:
        folder = install(archive, tmp_path / "project")
        for name, text in files.items():
            file = folder / name.replace("__", ".")
            file.write_text(text, encoding="utf-8")
        return folder

    return make
