"""The part of the pytest plugin that records tests and replays them.

pytest loads this in every project that installs mockletta, so it imports nothing else of mockletta
until a test is recorded or replayed.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockletta.recordings.record_session import RecordSession

KEY = "mockletta"
"""The API key of replayed tests, unless they have one."""
MODES = ("none", "once", "new_episodes", "all")
UNSAFE = re.compile(r"[^\w.-]+")
"""Characters that names of recordings cannot have."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options for recordings."""
    parser.addoption(
        "--mockletta-record",
        metavar="URL",
        help="Record the tests with `mockletta_recording` at this server, without secrets.",
    )
    parser.addoption(
        "--mockletta-record-mode",
        choices=MODES,
        help="`all` (the default with a URL), `new_episodes`, `once`, or `none` to replay only.",
    )
    parser.addini("mockletta_recordings", "The directory of the recordings.", default="recordings")


@pytest.fixture
def mockletta_record_options() -> Mapping[str, Any]:
    """The options of mockletta.record for the recordings; override it to redact or mask more."""
    return {}


@pytest.fixture
def mockletta_recording(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    mockletta_record_options: Mapping[str, Any],
) -> "Iterator[RecordSession]":
    """A server that replays the recording of this test, or records it with `--mockletta-record`.

    LETTA_BASE_URL leads to it during the test.
    """
    from mockletta.errors import BadSettings  # noqa: PLC0415 - only recorded tests pay for it
    from mockletta.recordings.record_session import record  # noqa: PLC0415

    item, config = request.node, request.config
    upstream = config.getoption("mockletta_record")
    mode = config.getoption("mockletta_record_mode") or ("all" if upstream else "none")
    file = _recording_of(item)
    if not file.exists() and (mode == "none" or upstream is None):
        pytest.fail(_how_to_record(item, file), pytrace=False)
    try:
        session = record(upstream, file, **{**mockletta_record_options, "mode": mode}).start()
    except BadSettings as error:
        pytest.fail(f"{file}: {error}", pytrace=False)
    with session:
        monkeypatch.setenv("LETTA_BASE_URL", session.base_url)
        if not session.is_recording:
            monkeypatch.setenv("LETTA_API_KEY", os.environ.get("LETTA_API_KEY") or KEY)
        yield session


def _recording_of(item: pytest.Item) -> Path:
    """Return the file of a test's recording. Each module has a directory, each test a file."""
    module, _, name = item.nodeid.partition("::")
    directory = item.config.rootpath / str(item.config.getini("mockletta_recordings"))
    return directory / module.removesuffix(".py") / f"{UNSAFE.sub('-', name).strip('-')}.jsonl"


def _how_to_record(item: pytest.Item, file: Path) -> str:
    shown = os.path.relpath(file, item.config.rootpath)
    return (
        f"There is no recording of this test ({shown}). Make one with\n"
        f"    pytest '{item.nodeid}' --mockletta-record=https://api.letta.com"
    )
