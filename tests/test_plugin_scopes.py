"""Shared mocks, the configuration and the guard of real hosts, in projects of their own."""

import pytest

from mockletta.files import seed
from mockletta.pytest_plugin import SETTINGS, UNMET_IN_SCOPE
from mockletta.testing import mock_letta, network_guard
from mockletta.testing.mock_settings import OF_WORLD
from mockletta.world import failure_report, unmet_expectations
from tests.environment import CHILD_OPTIONS

LOADED = (failure_report, mock_letta, network_guard, seed, unmet_expectations)
"""Pytester unloads what its projects are the first to import: it would come twice."""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty project."""
    monkeypatch.setenv("PYTEST_ADDOPTS", CHILD_OPTIONS)
    return pytester


def test_the_configuration_has_every_setting_of_a_mock() -> None:
    assert set(SETTINGS) == {one.name for one in OF_WORLD}


@pytest.mark.parametrize("scope", ["class", "module", "session"])
def test_tests_of_a_scope_share_a_mock(project: pytest.Pytester, scope: str) -> None:
    project.makepyfile(f"""
        import pytest

        @pytest.fixture(scope="{scope}")
        def block(mockletta_{scope}):
            with mockletta_{scope}.client() as client:
                return client.blocks.create(label="shared", value="v").id

        @pytest.mark.mockletta(scope="{scope}")
        class TestIt:
            def test_one(self, letta_client, block):
                assert letta_client.blocks.retrieve(block).label == "shared"
                letta_client.blocks.create(label="more", value="v")

            def test_two(self, letta_client, block):
                assert len(letta_client.blocks.list().items) == 2

        def test_others_have_their_own(letta_client):
            assert letta_client.blocks.list().items == []
    """)

    project.runpytest_inprocess().assert_outcomes(passed=3)


def test_what_a_scope_leaves_unmet_fails_at_its_end(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        pytestmark = pytest.mark.mockletta(scope="module")

        def test_one(mockletta):
            mockletta.when("never").say("no")

        def test_two(mockletta):
            pass
    """)

    result = project.runpytest_inprocess()
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines([UNMET_IN_SCOPE, '*(text "never") never replied'])


def test_an_unknown_scope_is_refused(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest

        @pytest.mark.mockletta(scope="modul")
        def test_it(mockletta):
            pass
    """)

    project.runpytest_inprocess().stdout.fnmatch_lines(
        ["@pytest.mark.mockletta: scope: expected `function`, * received 'modul'; did you mean *"]
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "mockletta_tenancy = keys",
            "mockletta_tenancy: expected `none` or `key`, received 'ke*",
        ),
        (
            "mockletta_ttft = soon",
            "mockletta_ttft: expected a number of seconds or a text such as*",
        ),
        ("mockletta_relaxed = maybe", "mockletta_relaxed: expected true or false: *'maybe'"),
        (
            "mockletta_quirks = recordd",
            "mockletta_quirks: unknown quirk 'recordd'; did you mean `recorded`?",
        ),
        (
            "mockletta_allow_hosts = http://x",
            "mockletta_allow_hosts: expected a host without scheme, port and path, received *",
        ),
        ("mockletta_seed = dmo", "*dmo: No such file or directory"),
    ],
)
def test_a_wrong_configuration_is_named(project: pytest.Pytester, line: str, told: str) -> None:
    project.makeini(f"[pytest]\n{line}\n")
    project.makepyfile("def test_it(mockletta):\n    pass\n")

    project.runpytest_inprocess().stdout.fnmatch_lines([told])


def test_the_configuration_parses_texts(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\nmockletta_ttft = 500ms\nmockletta_ids_seed = 7\n")
    project.makepyfile("""
        def test_it(mockletta):
            assert (mockletta.world.pace.ttft, mockletta.world.ids.seed) == (0.5, 7)
    """)

    project.runpytest_inprocess().assert_outcomes(passed=1)


REACHING = """
import asyncio
import httpx
import pytest
from letta_client import AsyncLetta, Letta

def app():
    with Letta(api_key="x", base_url="http://letta.example", max_retries=0) as client:
        try:
            client.agents.list()
        except Exception:
            pass

def test_reaches(mockletta):
    app()

def test_reaches_without_blocking(mockletta):
    asyncio.run(AsyncLetta(api_key="x").health())

def test_reaches_by_hand(mockletta):
    httpx.get("https://api.letta.com/v1/agents/")

@pytest.mark.mockletta(allow_hosts=["*.example"])
def test_may(mockletta):
    app()

def test_reaches_the_mock(mockletta, letta_client):
    letta_client.agents.list()
    with Letta(base_url=mockletta.base_url.replace("127.0.0.1", "localhost"), api_key="x") as own:
        own.agents.list()

def test_talks_to_others(mockletta):
    with pytest.raises(Exception):
        httpx.get("http://other.invalid")

def test_is_not_ours():
    app()
"""


def test_a_client_cannot_reach_a_real_host_by_mistake(project: pytest.Pytester) -> None:
    project.makepyfile(REACHING)

    result = project.runpytest_inprocess()

    result.assert_outcomes(passed=4, failed=3)
    result.stdout.fnmatch_lines(
        [
            ">*client.agents.list()",
            "E*a client of Letta tried to reach letta.example (GET http://letta.example/v1/agents/*",
        ]
    )
    result.stdout.no_fnmatch_line("*site-packages*")


def test_the_configuration_allows_hosts(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\nmockletta_allow_hosts = letta.example api.letta.com\n")
    project.makepyfile(REACHING.split("def test_reaches_without", maxsplit=1)[0])

    project.runpytest_inprocess().assert_outcomes(passed=1)


def test_without_httpx_there_is_nothing_to_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "httpx", None)

    with network_guard.refuse_real_hosts([]):
        pass


def test_a_seed_of_the_package_is_known_by_its_name(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\nmockletta_seed = demo\n")
    project.makepyfile(
        "def test_it(letta_client):\n    assert len(letta_client.agents.list().items) == 2\n"
    )

    project.runpytest_inprocess().assert_outcomes(passed=1)
