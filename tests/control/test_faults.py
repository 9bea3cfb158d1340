"""The faults of a world, over HTTP."""

import pytest

from mockletta.settings.settings import Settings
from mockletta.testing.mock_letta import make_world
from mockletta.world.worlds import Worlds
from tests.control.asking import Control

FAULT = {"on": "agents.list", "status": 429, "retry_after": 2.0, "times": 2}


@pytest.fixture
def control() -> Control:
    """A world as a server has it."""
    return Control(Worlds(make_world(Settings())))


def test_a_planned_fault_strikes_and_is_counted(control: Control) -> None:
    assert control.ask("POST", "/faults", FAULT)[1]["fired"] == 0

    assert control.ask("GET", "/v1/agents/")[0] == 429

    [planned] = control.get("/faults")["faults"]
    assert (planned["on"], planned["matched"], planned["fired"]) == ("agents.list", 1, 1)


def test_the_control_api_itself_has_no_faults(control: Control) -> None:
    control.ask("POST", "/faults", {"on": "*", "status": 500, "times": "always"})

    assert control.ask("GET", "/faults")[0] == 200
    assert control.ask("GET", "/v1/agents/")[0] == 500


def test_faults_are_forgotten(control: Control) -> None:
    control.ask("POST", "/faults", FAULT)

    assert control.ask("DELETE", "/faults") == (200, {"faults": []})
    assert control.ask("GET", "/v1/agents/")[0] == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "fault: "),
        ({"on": "agents.list"}, "fault: "),
        ({"status": 500}, "on: missing"),
        ({"on": "agents.lists", "status": 500}, "agents.list"),
        ({"on": "agents.list", "status": 200}, "400 to 599"),
        ({"on": "agents.list", "status": 500, "time": 1}, "times"),
    ],
)
def test_what_is_no_fault_is_explained(wrong: object, said: str, control: Control) -> None:
    status, answer = control.ask("POST", "/faults", wrong)

    assert (status, said in answer["detail"]) == (422, True)
    assert control.get("/faults") == {"faults": []}


def test_a_fault_is_removed_by_its_number(control: Control) -> None:
    control.ask("POST", "/faults", FAULT)

    for number in (0, 2):
        assert control.ask("DELETE", f"/faults?number={number}")[0] in (404, 422)
    assert len(control.get("/faults")["faults"]) == 1
    assert control.ask("DELETE", "/faults?number=1") == (200, {"faults": []})
