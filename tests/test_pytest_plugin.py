"""The pytest plugin, in projects of its own: what a test gets, and what a failing one shows."""

import json

import pytest

from mockletta import MockLetta
from mockletta.files import seed
from mockletta.pytest_plugin import UNMET
from mockletta.testing import mock_letta
from mockletta.world import failure_report as report
from mockletta.world import unmet_expectations
from tests.contract.conftest import MODEL
from tests.contract.talk import say
from tests.environment import CHILD_OPTIONS

LOADED = (report, seed, mock_letta, unmet_expectations)
TALK = """
def talk(client, text):
    agent = client.agents.create(name="support", model="openai/gpt-4o-mini")
    conversation = client.conversations.create(agent_id=agent.id)
    return list(client.conversations.messages.create(conversation.id, input=text))
"""
SEED = """
version: 1
agents:
  - {name: Seeded, model: openai/gpt-4o-mini}
"""


@pytest.fixture(scope="module", autouse=True)
def everything_is_loaded() -> None:
    """Pytester unloads what its projects are the first to import: it would come twice."""
    with MockLetta() as mock, mock.client() as client:
        agent = client.agents.create(model=MODEL)
        mock.when("Hello").say("Hi.")
        say(client, client.conversations.create(agent_id=agent.id).id, "Hello!")
        mock.wait_for(mock.async_client(in_process=True).close())


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with nothing in it but how to talk."""
    monkeypatch.setenv("PYTEST_ADDOPTS", CHILD_OPTIONS)
    pytester.makepyfile(talking=TALK)
    pytester.syspathinsert()
    return pytester


def test_each_test_has_a_world_of_its_own_on_one_server(project: pytest.Pytester) -> None:
    project.makepyfile("""
        from talking import talk

        addresses = set()

        def test_one(mockletta, letta_client):
            addresses.add(mockletta.base_url)
            talk(letta_client, "Hello!")
            assert len(letta_client.agents.list().items) == 1

        def test_two(mockletta, letta_client):
            addresses.add(mockletta.base_url)
            assert letta_client.agents.list().items == []
            assert len(addresses) == 1
    """)

    project.runpytest_inprocess().assert_outcomes(passed=2)


def test_the_clients_are_usual_ones_and_closed_afterwards(project: pytest.Pytester) -> None:
    project.makepyfile("""
        from letta_client import DEFAULT_MAX_RETRIES, AsyncLetta, Letta

        clients = []

        def test_clients(letta_client, async_letta_client):
            clients.extend([letta_client, async_letta_client])
            assert isinstance(letta_client, Letta) and isinstance(async_letta_client, AsyncLetta)
            for client in clients:
                assert client.max_retries == DEFAULT_MAX_RETRIES
                assert not client._strict_response_validation

        def test_they_are_closed():
            assert [client.is_closed() for client in clients] == [True, True]
    """)

    project.runpytest_inprocess().assert_outcomes(passed=2)


def test_the_asynchronous_client_works_on_any_loop(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import asyncio

        async def names(client):
            await client.agents.create(name="mine", model="openai/gpt-4o-mini")
            return [agent.name async for agent in client.agents.list()]

        def test_it(async_letta_client):
            assert asyncio.run(names(async_letta_client)) == ["mine"]
            assert asyncio.run(names(async_letta_client)) == ["mine", "mine"]
    """)

    project.runpytest_inprocess().assert_outcomes(passed=1)


def test_a_turn_under_way_ends_with_its_test(project: pytest.Pytester) -> None:
    project.makepyfile("""
        import pytest
        from mockletta import Pace

        worlds = []

        @pytest.mark.mockletta(pace=Pace(ttft=600))
        def test_one(mockletta, letta_client):
            worlds.append(mockletta.world)
            agent = letta_client.agents.create(model="openai/gpt-4o-mini")
            letta_client.agents.messages.create_async(agent.id, input="Hi")
            with letta_client.agents.messages.stream(agent.id, input="Hi") as stream:
                next(iter(stream))

        def test_two(mockletta):
            assert [run.status for run in worlds[0].store.runs][-1] == "cancelled"
            assert not worlds[0].active
    """)

    project.runpytest_inprocess().assert_outcomes(passed=2)


def test_markers_tell_the_mock_what_mocklettas_parameters_do(project: pytest.Pytester) -> None:
    project.makefile(".yaml", world=SEED)
    project.makepyfile("""
        import pytest

        pytestmark = pytest.mark.mockletta(seed="world.yaml", deterministic=True)

        def test_module(mockletta, letta_client):
            assert [agent.name for agent in letta_client.agents.list()] == ["Seeded"]
            assert mockletta.clock.frozen

        @pytest.mark.mockletta(deterministic=False, quirks=["recorded"])
        def test_closest(mockletta, letta_client):
            assert [agent.name for agent in letta_client.agents.list()] == ["Seeded"]
            assert not mockletta.clock.frozen
            assert mockletta.world.quirks.on
    """)

    project.runpytest_inprocess().assert_outcomes(passed=2)


def test_the_configuration_tells_all_mocks(project: pytest.Pytester) -> None:
    project.makefile(".yaml", world=SEED)
    project.makepyprojecttoml("""
        [tool.pytest.ini_options]
        mockletta_seed = "world.yaml"
        mockletta_deterministic = true
        mockletta_script = "replies.yaml"
        mockletta_tenancy = "key"
        mockletta_relaxed = true
        mockletta_profile = "open"
        mockletta_quirks = ["-inverted-run-cursors"]
    """)
    project.makefile(".yaml", replies="replies: [{when: {text: Hi}, reply: [{say: Ho}]}]")
    directory = project.mkpydir("inner")
    (directory / "test_inner.py").write_text(
        "def test_it(mockletta, letta_client):\n"
        "    assert [agent.name for agent in letta_client.agents.list()] == ['Seeded']\n"
        "    assert mockletta.clock.frozen and len(mockletta.world.quirks.on) > 9\n"
        "    assert len(mockletta.world.script.rules) == 1\n"
        "    with mockletta.client(api_key='another') as other:\n"
        "        other.agents.create(model='openai/gpt-4o-mini')\n"
        "    assert len(mockletta.world.store.agents) == 1\n"
    )

    project.runpytest_inprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "complaint"),
    [
        ("sed=1", "@pytest.mark.mockletta: sed: unknown setting; did you mean `seed`?"),
        ("seed='x.yaml'", "*@pytest.mark.mockletta: *x.yaml*"),
        ("'x.yaml'", "*@pytest.mark.mockletta takes its settings by name*"),
        ("relaxed='no'", "@pytest.mark.mockletta: relaxed: expected True or False, received 'no'"),
        ("allow_hosts='x/y'", "@pytest.mark.mockletta: allow_hosts: expected a host without *"),
        ("state='x'", "@pytest.mark.mockletta: state: only `mockletta serve` has this setting"),
        ("port=1", "@pytest.mark.mockletta: port: unknown setting; expected *"),
    ],
)
def test_a_marker_that_is_wrong_is_told_so(
    project: pytest.Pytester, marker: str, complaint: str
) -> None:
    project.makepyfile(f"""
        import pytest

        @pytest.mark.mockletta({marker})
        def test_it(mockletta):
            pass
    """)

    result = project.runpytest_inprocess()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([complaint])
    result.stdout.no_fnmatch_line("*exception*")


def test_a_failing_test_shows_what_went_on(project: pytest.Pytester) -> None:
    project.makepyfile("""
        from talking import talk

        def test_it(letta_client):
            talk(letta_client, "My name is Alice.")
            assert False
    """)

    result = project.runpytest_inprocess()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- mockletta: 3 requests -*",
            "#1 * agents.create POST /v1/agents/ 200 *ms",
            "#2 * conversations.create POST /v1/conversations/ 200 *ms",
            "#3 * conversations.messages.create POST *messages 200 *ms rule: brain: statement",
            "*- mockletta: conv-* of support -*",
            "user: My name is Alice.",
            "assistant: Got it: your name is Alice.",
        ]
    )


def test_a_passing_test_and_one_without_requests_show_nothing(project: pytest.Pytester) -> None:
    project.makepyfile("""
        from talking import talk

        def test_passes(letta_client):
            talk(letta_client, "Hello!")

        def test_asks_nothing(mockletta):
            assert False
    """)

    result = project.runpytest_inprocess("-rA")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.no_fnmatch_line("*- mockletta*")


SWALLOWING = """
import pytest
from letta_client import APIError
from talking import talk

RULES = [{"when": {"text": "weather"}, "reply": [{"say": "Sun."}]}]
STRICT = {"replies": RULES, "otherwise": "strict"}

def swallow(client, text):
    try:
        talk(client, text)
    except APIError:
        pass
"""


def test_an_unmet_expectation_fails_a_test_that_passes(project: pytest.Pytester) -> None:
    project.makepyfile(
        SWALLOWING
        + """
@pytest.mark.mockletta(script=STRICT)
def test_unscripted_and_unused(letta_client):
    swallow(letta_client, "Hello!")

def test_fault(mockletta):
    mockletta.faults.add("agents.create", status=429, times=2)

@pytest.mark.mockletta(script=STRICT)
def test_nothing_unmet(letta_client):
    swallow(letta_client, "The weather?")

@pytest.mark.mockletta(script=STRICT, relaxed=True)
def test_relaxed(letta_client):
    swallow(letta_client, "Hello!")

def test_fails_anyway(mockletta):
    mockletta.when("weather").say("Sun.")
    raise ValueError("its own failure")
"""
    )

    result = project.runpytest_inprocess()

    result.assert_outcomes(passed=2, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*_ test_unscripted_and_unused _*",
            UNMET,
            "#3 was unscripted: *Hello!*",
            'rule 1 (text "weather") never replied',
            "*- mockletta: 3 requests -*",
            "*_ test_fault _*",
            "A planned fault was applied to 0 requests of 0 that matched, expected 2: on=*",
            "*_ test_fails_anyway _*",
            "*ValueError: its own failure",
        ]
    )


def test_a_script_that_tests_share_need_not_be_used_up_by_each(project: pytest.Pytester) -> None:
    project.makepyfile(
        SWALLOWING
        + """
FAULTS = [{"on": "agents.list", "status": 429}]
pytestmark = pytest.mark.mockletta(script={**STRICT, "faults": FAULTS})

def test_shared(mockletta):
    pass

def test_unscripted(letta_client):
    swallow(letta_client, "Hello!")

def test_own(mockletta):
    mockletta.when("snow").say("No.")
"""
    )

    result = project.runpytest_inprocess()

    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        ["*_ test_unscripted _*", "#3 was unscripted: *", 'rule 2 (text "snow") never replied']
    )
    result.stdout.no_fnmatch_line("rule 1 *never replied")
    result.stdout.no_fnmatch_line("A planned fault *")


def test_the_configuration_can_relax_all_tests(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\nmockletta_relaxed = true")
    project.makepyfile("""
        def test_it(mockletta):
            mockletta.when("weather").say("Sun.")
    """)

    project.runpytest_inprocess().assert_outcomes(passed=1)


def test_parallel_workers_have_a_server_each_and_worlds_of_their_own(
    project: pytest.Pytester,
) -> None:
    project.makepyfile("""
        import pytest
        from talking import talk

        @pytest.mark.parametrize("number", range(20))
        def test_it(mockletta, letta_client, number, worker_id):
            assert letta_client.agents.list().items == []
            talk(letta_client, "Hello!")
            assert len(letta_client.agents.list().items) == 1
            with open("addresses", "a") as file:
                file.write(f"{worker_id} {mockletta.base_url}\\n")

        def test_fails(letta_client):
            talk(letta_client, "Hello!")
            assert False
    """)

    result = project.runpytest_subprocess("-n", "2")

    result.assert_outcomes(passed=20, failed=1)
    result.stdout.fnmatch_lines(["*- mockletta: 3 requests -*", "user: Hello!"])
    addresses = (project.path / "addresses").read_text().splitlines()
    assert len(addresses) == 20
    assert len(set(addresses)) == 2


def test_collecting_imports_nothing_of_ours_but_the_plugin(project: pytest.Pytester) -> None:
    project.makepyfile("def test_it(mockletta, letta_client): ...")
    project.makeconftest("""
        import json, sys

        def pytest_collection_finish(session):
            print("loaded", json.dumps(sorted(sys.modules)))
    """)

    result = project.runpytest_subprocess("--collect-only")

    line = next(line for line in result.outlines if line.startswith("loaded "))
    loaded = json.loads(line.removeprefix("loaded "))
    assert [name for name in loaded if name.split(".")[0] == "mockletta"] == [
        "mockletta",
        "mockletta._version",
        "mockletta.pytest_plugin",
        "mockletta.pytest_recording",
    ]
    heavy = {"letta_client", "httpx", "pydantic", "starlette", "uvicorn", "yaml"}
    assert heavy.isdisjoint(loaded)
