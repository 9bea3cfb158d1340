"""`--mockletta-hold`: a failing test's world can be looked at on the console."""

import pytest

from tests.environment import CHILD_OPTIONS


def test_a_failing_test_can_hold_its_world_until_enter_is_pressed(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", CHILD_OPTIONS)
    pytester.makepyfile("""
        import builtins, httpx

        def press_enter(prompt):
            worlds.append(url[0] and httpx.get(url[0] + "/_mockletta/agents").json())

        worlds, url, builtins.input = [], [], press_enter

        def test_it(mockletta, letta_client):
            url.append(mockletta.base_url)
            letta_client.agents.create(name="kept", model="openai/gpt-4o-mini")
            assert False

        def test_its_world_was_there():
            assert [one["name"] for one in worlds[0]["agents"]] == ["kept"]
    """)
    result = pytester.runpytest("--mockletta-hold")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*test_it failed. Its world: http://*/_mockletta/console"])
