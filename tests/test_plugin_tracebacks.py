"""Where a test's report shows an error of ours: at the line that is to blame."""

import pytest

from mockletta.files import seed
from mockletta.journal import mismatches
from mockletta.script import builder
from mockletta.testing import mock_letta
from mockletta.world import failure_report as report
from tests.environment import CHILD_OPTIONS

LOADED = (builder, mismatches, report, seed, mock_letta)
"""Pytester unloads what its projects are the first to import: it would come twice."""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty project."""
    monkeypatch.setenv("PYTEST_ADDOPTS", CHILD_OPTIONS)
    return pytester


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('mockletta.when(agnet="x")', "*BadRule: when(agnet='x'): agnet: unknown key `agnet`; *"),
        ('mockletta.faults.add("agents.list", rest=1)', "*BadFault: rest: unknown fault; *"),
        ('mockletta.faults.add("agents.list", status=7)', "*BadFault: status: expected *"),
        ('mockletta.journal.expect("agents.list")', "*JournalMismatch: expected at least 1 *"),
        ('mockletta.clock.set("tomorrow")', "*expected a time such as *"),
        ("mockletta.clock.advance(-1)", "*expected a step of no less than 0 seconds*"),
        ('mockletta.load("missing")', "*BadSnapshot: missing: No such file *"),
        ('__import__("mockletta").MockLetta(seed="missing")', "*BadSeed: missing: No such file *"),
        (
            '__import__("mockletta").MockLetta().base_url',
            "*RuntimeError: MockLetta is not started*",
        ),
        (
            '__import__("mockletta").MockLetta(port=int(mockletta.base_url[-5:])).start()',
            "*CannotListen: * cannot listen on 127.0.0.1:*",
        ),
    ],
)
def test_an_error_of_ours_is_shown_at_the_line_of_the_test(
    project: pytest.Pytester, line: str, why: str
) -> None:
    project.makepyfile(f"def test_it(mockletta):\n    {line}\n")

    result = project.runpytest_inprocess()
    result.stdout.fnmatch_lines([f">       {line}", f"E  {why}"])
    result.stdout.no_fnmatch_line("*direct cause*")
    result.stdout.no_fnmatch_line("*mockletta/*.py:*")

    project.runpytest_inprocess("--full-trace").stdout.fnmatch_lines(["*mockletta/*.py:*"])


def test_a_mistake_in_the_test_is_shown_as_ever(project: pytest.Pytester) -> None:
    project.makepyfile("""
        def test_it(mockletta):
            mockletta.wait_for(None)
    """)

    project.runpytest_inprocess().stdout.fnmatch_lines(["*mockletta/*.py:*", "*TypeError*"])
