"""The pytest plugin: a mock for each test, and a report on the mock of a failing test.

pytest loads this in every project that installs mockletta, so it imports nothing else of mockletta
until a test uses a mock.
"""

import contextlib
import linecache
import os
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Literal, NoReturn

import pytest

if TYPE_CHECKING:
    from letta_client import AsyncLetta, Letta

    from mockletta.testing.mock import Mock
    from mockletta.testing.mock_letta import SessionServer

pytest_plugins = ("mockletta.pytest_recording",)
MARKER = "mockletta"
RELAXED = "relaxed"
UNMET = (
    "The test passed, but left expectations unmet. "
    f"@pytest.mark.{MARKER}({RELAXED}=True) allows that."
)
UNMET_IN_SCOPE = (
    "The tests of this scope left expectations unmet. "
    f"@pytest.mark.{MARKER}({RELAXED}=True) allows that."
)
SETTINGS = (
    "seed",
    "brain",
    "script",
    "tool_calls",
    "brain_without",
    "quirks",
    "profile",
    "pace",
    "ttft",
    "tokens_per_second",
    "jitter",
    "chunk",
    "keepalive",
    "deterministic",
    "freeze",
    "ids_seed",
    "journal_entries",
    "journal_bytes",
    "tenancy",
    "max_worlds",
    "require_key",
    "models",
    "webhooks",
    "mcp",
)
"""The settings of a mock in a session; MockLetta explains them."""
LISTS = ("brain_without", "quirks", "models", "webhooks", "mcp", "allow_hosts")
FLAGS = ("tool_calls", "deterministic", RELAXED)
FILES = ("seed", "script")
SCOPES = ("function", "class", "module", "session")
OWN = {
    RELAXED: "Let tests leave expectations unmet.",
    "scope": "What a mock is for: a `function`, a `class`, a `module` or the `session`.",
    "allow_hosts": "Hosts that clients of Letta may reach besides the mock; `*` means all.",
}
"""The plugin's own settings, besides those of mocks."""
FIXTURES = {MARKER, f"{MARKER}_server", *(f"{MARKER}_{scope}" for scope in SCOPES[1:])}
MOCK: "pytest.StashKey[Mock]" = pytest.StashKey()
EXCUSED: "pytest.StashKey[list[str] | None]" = pytest.StashKey()
"""Unmet expectations that do not fail the test, because it shares its script with other tests; None
for all of them, because it shares the mock."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the configuration values for all tests of a project."""
    parser.addoption(
        "--mockletta-hold",
        action="store_true",
        help="After a failing test, keep its world and print the console's address until Enter.",
    )
    for name in SETTINGS:
        _add_ini(parser, name, f"The setting `{name}` of each mock, as for mockletta.MockLetta.")
    for name, text in OWN.items():
        _add_ini(parser, name, text)


def _add_ini(parser: pytest.Parser, name: str, text: str) -> None:
    kind: Literal["args", "bool", "string"] = "args" if name in LISTS else "string"
    kind = "bool" if name in FLAGS else kind
    parser.addini(f"{MARKER}_{name}", text, type=kind, default=None)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(**settings, {RELAXED}=False, scope='function', allow_hosts=()): settings of the "
        "test's mock, as for MockLetta; a relaxed test may leave expectations unmet; tests of a "
        "scope share a mock; clients of Letta may reach no other hosts than the allowed ones.",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Keep the clients of a test that uses a mock from reaching a real server."""
    if FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
        return (yield)
    from mockletta.testing.network_guard import refuse_real_hosts  # noqa: PLC0415

    with refuse_real_hosts(_allowed_hosts(item)):
        return (yield)


def _allowed_hosts(item: pytest.Item) -> list[str]:
    """Return the hosts that the configuration and the markers allow. The fixture refuses an invalid
    value."""
    from mockletta.settings.setting_table import OF_PLUGIN  # noqa: PLC0415

    given = [item.config.getini(f"{MARKER}_allow_hosts") or ()]
    given += [marker.kwargs.get("allow_hosts", ()) for marker in item.iter_markers(MARKER)]
    allowed: list[str] = []
    for hosts in given:
        with contextlib.suppress(ValueError):
            allowed += OF_PLUGIN["allow_hosts"].check(hosts)
    return allowed


@pytest.fixture(scope="session")
def mockletta_server() -> "Iterator[SessionServer]":
    """The server that all tests of this process share."""
    from mockletta.testing.mock_letta import SessionServer  # noqa: PLC0415 - only tests with a mock pay for it

    server = SessionServer()
    yield server
    server.close()


@pytest.fixture
def mockletta(request: pytest.FixtureRequest) -> "Mock":
    """A fake Letta with a new world, or the one that a scope shares: see mockletta.Mock."""
    scope = _settings(request.node).get("scope", SCOPES[0])
    if scope == SCOPES[0]:
        server: SessionServer = request.getfixturevalue(f"{MARKER}_server")
        mock = _made(server.new_mock, request.node)
        excused = [] if _has_own_script(request.node) else mock.unmet()
    else:
        mock, excused = request.getfixturevalue(f"{MARKER}_{scope}"), None
    request.node.stash[MOCK] = mock
    request.node.stash[EXCUSED] = excused
    return mock


def _shared_mock(request: pytest.FixtureRequest) -> "Iterator[Mock]":
    """A fake Letta with a server of its own, which all tests of a scope share."""
    from mockletta.testing.mock_letta import SessionServer  # noqa: PLC0415

    server = SessionServer()
    try:
        mock = _made(server.new_mock, request.node)
        excused = [] if _has_own_script(request.node) else mock.unmet()
        yield mock
        _fail_if_unmet(mock, excused, request.node, UNMET_IN_SCOPE)
    finally:
        server.close()


mockletta_class = pytest.fixture(scope="class", name="mockletta_class")(_shared_mock)
mockletta_module = pytest.fixture(scope="module", name="mockletta_module")(_shared_mock)
mockletta_session = pytest.fixture(scope="session", name="mockletta_session")(_shared_mock)


def _made(make: "Callable[..., Mock]", node: pytest.Item | pytest.Collector) -> "Mock":
    """Make a mock with the settings of a test or a scope."""
    from mockletta.errors import BadSettings  # noqa: PLC0415

    settings = {name: value for name, value in _settings(node).items() if name not in OWN}
    try:
        return make(**settings)
    except BadSettings as error:
        _refuse(getattr(error, "name", ""), getattr(error, "reason", str(error)), node)


def _refuse(name: str, why: str, node: pytest.Item | pytest.Collector) -> NoReturn:
    """Fail a test for an invalid setting. The message names it as its author wrote it."""
    marked = {given for marker in node.iter_markers(MARKER) for given in marker.kwargs}
    from_marker = name in marked if name else not marked.isdisjoint(FILES)
    of_configuration = f"{MARKER}_{name}" if name else ""
    place = f"@pytest.mark.{MARKER}: {name}" if from_marker else of_configuration
    message = ": ".join(filter(None, [place.removesuffix(": "), why]))
    raise pytest.fail.Exception(message, pytrace=False) from None


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
    if mock is not None:
        _fail_if_unmet(mock, item.stash[EXCUSED], item, UNMET)
    return result


def _fail_if_unmet(
    mock: "Mock", excused: list[str] | None, node: pytest.Item | pytest.Collector, why: str
) -> None:
    if excused is None or _settings(node).get(RELAXED):
        return
    unmet = [one for one in mock.unmet() if one not in excused]
    if unmet:
        pytest.fail("\n\n".join([why, *unmet]), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add a report on the mock to the report of a failing test."""
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
    """Print the address of a failing test's world, and wait for Enter."""
    capture = item.config.pluginmanager.getplugin("capturemanager")
    with contextlib.ExitStack() as stack:
        if capture is not None:
            stack.enter_context(capture.global_and_fixture_disabled())
        print(f"\n{item.nodeid} failed. Its world: {url}/_mockletta/console")  # noqa: T201
        with contextlib.suppress(EOFError):
            input("Press Enter to continue. ")


def _leave_out_our_frames(raised: pytest.ExceptionInfo[BaseException]) -> None:
    """End the traceback of our errors at the line of the test, or of the app, that caused it.

    The message has the essence of the cause.
    """
    entries = list(_entries(raised.tb))
    if not _is_ours(raised.type.__module__) and not _is_raised_by_us(entries[-1]):
        return
    own = [entry for entry in entries if not _is_library(entry.tb_frame)]
    (own or entries)[-1].tb_next = None
    raised.value.__cause__, raised.value.__suppress_context__ = None, True


def _entries(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _is_raised_by_us(entry: TracebackType) -> bool:
    """Return whether a `raise` of ours raised an error. Other errors in our code are our
    mistakes."""
    line = linecache.getline(entry.tb_frame.f_code.co_filename, entry.tb_lineno)
    name = entry.tb_frame.f_globals.get("__name__", "")
    return _is_ours(name) and line.lstrip().startswith("raise ")


def _is_library(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__", "")
    installed = "site-packages" in frame.f_code.co_filename
    return _is_ours(name) or installed or name.partition(".")[0] in sys.stdlib_module_names


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == MARKER


def _settings(node: pytest.Item | pytest.Collector) -> dict[str, object]:
    """Return the settings from the configuration, overridden by the closest markers."""
    named = {name: _configured(node.config, name) for name in (*SETTINGS, *OWN)}
    settings = {name: value for name, value in named.items() if value is not None}
    for marker in reversed(list(node.iter_markers(MARKER))):
        if marker.args:
            pytest.fail(f"@pytest.mark.{MARKER} takes its settings by name", pytrace=False)
        settings |= marker.kwargs
    return {name: _read(name, value, node) for name, value in settings.items()}


def _configured(config: pytest.Config, name: str) -> object:
    """Return a value of the configuration. A text is parsed as on the command line."""
    ini = f"{MARKER}_{name}"
    try:
        value = config.getini(ini)
        if isinstance(value, str) and name in SETTINGS:
            from mockletta.settings.setting_table import BY_NAME  # noqa: PLC0415

            return BY_NAME[name].kind.parse(value)
    except (TypeError, ValueError, pytest.UsageError) as error:
        wanted = "expected true or false: " if name in FLAGS else ""
        raise pytest.fail.Exception(f"{ini}: {wanted}{error}", pytrace=False) from None
    return value


def _has_own_script(node: pytest.Item | pytest.Collector) -> bool:
    return any(one.name == MARKER and "script" in one.kwargs for one in node.own_markers)


def _read(name: str, value: object, node: pytest.Item | pytest.Collector) -> object:
    """Check the own settings of the plugin. Return a file's path relative to the directory of the
    pytest configuration."""
    if name in OWN:
        from mockletta.settings.setting_table import OF_PLUGIN  # noqa: PLC0415

        try:
            return OF_PLUGIN[name].check(value)
        except ValueError as error:
            _refuse(name, str(error), node)
    if name in FILES and isinstance(value, str | os.PathLike):
        path = node.config.rootpath / value
        return value if name == "seed" and _is_packaged(value, path) else str(path)
    return value


def _is_packaged(seed: object, path: Path) -> bool:
    """Return whether a seed is one of the package, and no file has its name."""
    if path.exists():
        return False
    from mockletta.files.seed import seed_names  # noqa: PLC0415 - few projects use one

    return seed in seed_names()
