"""The script of a world, over HTTP."""

import pytest

from mockletta.control import script
from mockletta.settings.settings import Settings
from mockletta.testing.mock_letta import make_world
from mockletta.world.worlds import Worlds
from tests.control.asking import Control
from tests.worlds import make_agent

HELLO = {"name": "hello", "when": {"text": "hello"}, "reply": [{"say": "Hi!"}]}
NONE = {"rules": [], "otherwise": "default"}


@pytest.fixture
def control() -> Control:
    """A world as a server has it."""
    return Control(Worlds(make_world(Settings())))


def reply_to(control: Control, text: str) -> object:
    agent = make_agent(control.world)
    body = {"messages": [{"role": "user", "content": text}]}
    status, answer = control.ask("POST", f"/v1/agents/{agent.id}/messages", body)
    assert status == 200
    return answer["messages"][-1]["content"]


def test_a_world_has_no_script_at_first(control: Control) -> None:
    assert control.get("/script") == NONE
    assert not control.world.has_script


def test_a_script_replies_once_it_is_laid_down(control: Control) -> None:
    status, state = control.ask("PUT", "/script", {"replies": [HELLO], "otherwise": "echo"})

    assert (status, state["otherwise"]) == (200, "echo")
    assert [(rule["label"], rule["served"]) for rule in state["rules"]] == [("hello", 0)]
    assert reply_to(control, "hello") == "Hi!"
    assert control.get("/script")["rules"][0]["served"] == 1


def test_a_rule_is_shown_as_it_can_be_sent_again(control: Control) -> None:
    before = control.ask("PUT", "/script", {"replies": [HELLO]})[1]
    again = {"replies": [rule["rule"] for rule in before["rules"]]}

    assert control.ask("PUT", "/script", again) == (200, before)


def test_a_rule_is_added_after_the_others(control: Control) -> None:
    control.ask("PUT", "/script", {"replies": [HELLO]})
    rule = {"when": {"text": "bye"}, "reply": [{"say": "See you!"}]}

    status, added = control.ask("POST", "/script/rules", rule)

    assert (status, added["served"]) == (200, 0)
    assert len(control.get("/script")["rules"]) == 2
    assert reply_to(control, "bye") == "See you!"


def test_the_faults_of_a_script_are_planned(control: Control) -> None:
    faults = [{"on": "agents.list", "status": 503}]

    assert control.ask("PUT", "/script", {"faults": faults})[0] == 200

    assert control.ask("GET", "/v1/agents/")[0] == 503


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"replies": [{"when": "a", "reply": [{"sya": "b"}]}]}, "say"),
        ({"replise": []}, "replies"),
        ({"replies": [HELLO], "faults": [{"on": "agents.lits", "status": 503}]}, "agents.list"),
        ({"replies": [HELLO], "faults": [{"on": "agents.list", "status": 200}]}, "400 to 599"),
    ],
)
def test_what_is_no_script_changes_nothing_and_is_explained(
    wrong: object, said: str, control: Control
) -> None:
    status, answer = control.ask("PUT", "/script", wrong)

    assert (status, said in answer["detail"]) == (422, True)
    assert control.get("/script") == NONE
    assert control.get("/faults") == {"faults": []}


def test_what_is_no_rule_is_explained(control: Control) -> None:
    status, answer = control.ask("POST", "/script/rules", {"when": "hello"})

    assert (status, "a rule has either a `reply`" in answer["detail"]) == (422, True)
    assert control.get("/script") == NONE


def test_there_is_a_limit_to_the_rules(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "MOST_RULES", 1)
    control.ask("POST", "/script/rules", HELLO)

    assert control.ask("POST", "/script/rules", HELLO)[0] == 409


def test_a_text_that_is_no_script_changes_nothing(control: Control) -> None:
    status, answer = control.ask("PUT", "/script/text", {"text": "replies: [{when: hello}]"})

    assert (status, "a rule has either a `reply`" in answer["detail"]) == (422, True)
    assert control.get("/script") == NONE
