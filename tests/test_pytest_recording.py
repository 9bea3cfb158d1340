"""`mockletta_recording`: a recording for each test, made with an option and replayed without."""

from pathlib import Path

import httpx
import pytest

from mockletta import MockLetta
from mockletta.recordings import record_session
from tests.environment import CHILD_OPTIONS

TESTS = """
import os
import urllib.request

import pytest

@pytest.fixture
def mockletta_record_options():
    return {"mask": ["team"]}

@pytest.mark.parametrize("name", ["a/b", "c"])
def test_blocks(mockletta_recording, name):
    url = f"{os.environ['LETTA_BASE_URL']}/v1/blocks/?label={name}"
    assert urllib.request.urlopen(url).read() == b"[]"
    assert os.environ["LETTA_API_KEY"]
"""
OPTION = CHILD_OPTIONS.split()


@pytest.fixture(scope="module", autouse=True)
def everything_is_loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Pytester unloads what its projects are the first to import: it would come twice."""
    file = tmp_path_factory.mktemp("loaded") / "a.jsonl"
    with MockLetta() as server, record_session.record(server.base_url, file) as session:
        httpx.get(f"{session.base_url}/v1/blocks/?label=a")
    with record_session.record(None, file, mode="none") as session:
        httpx.get(f"{session.base_url}/v1/blocks/?label=a")


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("LETTA_API_KEY", "mine")
    pytester.makepyfile(test_app=TESTS)
    return pytester


def test_a_test_is_recorded_and_then_replayed_without_the_server(project: pytest.Pytester) -> None:
    with MockLetta() as server:
        done = project.runpytest_inprocess(*OPTION, f"--mockletta-record={server.base_url}")
        done.assert_outcomes(passed=2)
    files = sorted((project.path / "recordings").rglob("*.jsonl"))
    assert [file.relative_to(project.path).as_posix() for file in files] == [
        "recordings/test_app/test_blocks-a-b.jsonl",
        "recordings/test_app/test_blocks-c.jsonl",
    ]
    project.runpytest_inprocess(*OPTION).assert_outcomes(passed=2)


def test_a_test_without_a_recording_says_how_to_make_one(project: pytest.Pytester) -> None:
    done = project.runpytest_inprocess(*OPTION, "-k", "c]")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(
        [
            "There is no recording of this test (recordings/test_app/test_blocks-c.jsonl)*",
            "    pytest 'test_app.py::test_blocks[[]c[]]' --mockletta-record=https://api.letta.com",
        ]
    )


def test_the_mode_once_replays_what_is_there(project: pytest.Pytester) -> None:
    options = (*OPTION, "--mockletta-record-mode=once", "-k", "c]")
    with MockLetta() as server:
        upstream = f"--mockletta-record={server.base_url}"
        project.runpytest_inprocess(*options, upstream).assert_outcomes(passed=1)
        seen = len(server.journal)
        project.runpytest_inprocess(*options, upstream).assert_outcomes(passed=1)
        assert len(server.journal) == seen == 1


def test_a_bad_recording_or_url_is_an_error(project: pytest.Pytester) -> None:
    done = project.runpytest_inprocess(*OPTION, "--mockletta-record=letta", "-k", "c]")
    done.stdout.fnmatch_lines(["*letta is no URL of a server*"])
    file = Path(project.path, "recordings/test_app/test_blocks-c.jsonl")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{}\n")
    done = project.runpytest_inprocess(*OPTION, "-k", "c]")
    done.stdout.fnmatch_lines(["*the first line must be the head of a recording*"])
