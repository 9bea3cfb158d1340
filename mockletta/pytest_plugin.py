"""The pytest plugin: a mock for each test, and a report on the mock of a failing test.

pytest loads this in every project that installs us, so it imports nothing else of ours until a test
uses a mock.
"""

import contextlib
import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from letta_client import AsyncLetta, Letta

    from mockletta.testing.mock import Mock
    from mockletta.testing.session_server import SessionServer

MARKER = "mockletta"
RELAXED = "relaxed"
UNMET = (
    "The test passed, but left expectations unmet. "
    f"@pytest.mark.{MARKER}({RELAXED}=True) allows that."
)
FILES = ("seed", "script")
MOCK: "pytest.StashKey[Mock]" = pytest.StashKey()


SETTINGS = ("seed", "script", "tenancy", "profile", "quirks", "deterministic", RELAXED)
EXCUSED: pytest.StashKey[list[str]] = pytest.StashKey()
"""Unmet expectations that do not fail the test, because it shares its script with others."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the configuration values for all tests of a project."""
    parser.addoption(
        "--mockletta-hold",
        action="store_true",
        help="After a failing test, keep its world and print the console's address until Enter.",
    )
    parser.addini("mockletta_seed", "A seed file with the initial world of each test.")
    parser.addini("mockletta_script", "A file with the scripted replies of each test.")
    parser.addini("mockletta_tenancy", "`key` gives each API key its own world.")
    parser.addini("mockletta_profile", "`cloud` or `open`: which server to imitate.")
    parser.addini("mockletta_quirks", "Quirks of the recorded server, by name.", type="args")
    parser.addini("mockletta_deterministic", "Count ids and freeze the clock.", type="bool")
    parser.addini("mockletta_relaxed", "Let tests leave expectations unmet.", type="bool")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(**settings, {RELAXED}=False): settings of the test's mock, as for MockLetta; "
        "a relaxed test may leave expectations unmet.",
    )


@pytest.fixture(scope="session")
def mockletta_server() -> "Iterator[SessionServer]":
    """The server all tests of this process share."""
    from mockletta.testing.session_server import SessionServer  # noqa: PLC0415 - only tests with a mock pay for it

    server = SessionServer()
    yield server
    server.close()


@pytest.fixture
def mockletta(request: pytest.FixtureRequest, mockletta_server: "SessionServer") -> "Mock":
    """A fake Letta with a new world: see mockletta.Mock."""
    from mockletta.errors import BadSettings  # noqa: PLC0415

    settings = _settings(request.node)
    del settings[RELAXED]
    try:
        mock = mockletta_server.new_mock(**settings)
    except BadSettings as error:
        why = f"@pytest.mark.{MARKER}: {error}"
        raise pytest.fail.Exception(why, pytrace=False) from None
    request.node.stash[MOCK] = mock
    request.node.stash[EXCUSED] = [] if _has_own_script(request.node) else mock.unmet()
    return mock


@pytest.fixture
def letta_client(mockletta: "Mock") -> "Iterator[Letta]":
    """A client of the test's mock, closed after the test."""
    with mockletta.client() as client:
        yield client


@pytest.fixture
def async_letta_client(mockletta: "Mock") -> "Iterator[AsyncLetta]":
    """An asynchronous client of the test's mock, for any asyncio event loop, closed after the
    test."""
    client = mockletta.async_client(in_process=True)
    yield client
    mockletta.wait_for(client.close())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passes but leaves expectations unmet."""
    result = yield
    mock = item.stash.get(MOCK, None)
    if mock is not None and not _settings(item)[RELAXED]:
        unmet = [told for told in mock.unmet() if told not in item.stash[EXCUSED]]
        if unmet:
            pytest.fail("\n\n".join([UNMET, *unmet]), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what happened in its mock to a failing test's report."""
    if call.excinfo is not None and not item.config.getoption("fulltrace"):
        _leave_out_our_frames(call.excinfo)
    report = yield
    mock = item.stash.get(MOCK, None)
    if mock is not None and report.failed:
        from mockletta.world.failure_report import sections  # noqa: PLC0415

        report.sections.extend(sections(mock.world))
        if report.when == "call" and item.config.getoption("mockletta_hold"):
            _hold(item, mock.base_url)
    if mock is not None and report.when == "teardown":
        del item.stash[MOCK]
    return report


def _hold(item: pytest.Item, url: str) -> None:
    """Show where a failing test's world can be looked at, until Enter is pressed."""
    capture = item.config.pluginmanager.getplugin("capturemanager")
    with contextlib.ExitStack() as stack:
        if capture is not None:
            stack.enter_context(capture.global_and_fixture_disabled())
        print(f"\n{item.nodeid} failed. Its world: {url}/_mockletta/console")  # noqa: T201
        with contextlib.suppress(EOFError):
            input("Press Enter to go on. ")


def _leave_out_our_frames(raised: pytest.ExceptionInfo[BaseException]) -> None:
    """End the traceback of our errors at the test's own line."""
    if _is_ours(raised.type.__module__):
        last = entry = raised.tb
        while entry.tb_next is not None:
            entry = entry.tb_next
            last = last if _is_ours(entry.tb_frame.f_globals.get("__name__", "")) else entry
        last.tb_next = None


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == MARKER


def _settings(item: pytest.Item) -> dict[str, object]:
    """Return the settings from the configuration, overridden by the closest markers."""
    settings: dict[str, object] = {}
    for name in SETTINGS:
        value = item.config.getini(f"mockletta_{name}")
        settings |= {name: value} if value or name == RELAXED else {}
    for marker in reversed(list(item.iter_markers(MARKER))):
        if marker.args:
            pytest.fail(f"@pytest.mark.{MARKER} takes its settings by name", pytrace=False)
        settings |= marker.kwargs
    return {name: _found(name, value, item) for name, value in settings.items()}


def _has_own_script(item: pytest.Item) -> bool:
    return any(one.name == MARKER and "script" in one.kwargs for one in item.own_markers)


def _found(name: str, value: object, item: pytest.Item) -> object:
    """Return a file's path relative to the directory of the pytest configuration."""
    if name in FILES and isinstance(value, str | os.PathLike):
        return str(item.config.rootpath / value)
    return value
