"""The journal of a world, over HTTP."""

from typing import Any

import pytest

from tests.control.asking import Control

MODEL = "openai/gpt-4o-mini"


@pytest.fixture
def control() -> Control:
    """A world with three requests in its journal."""
    control = Control()
    for name in ("Ada", "Bob"):
        control.ask("POST", "/v1/agents/", {"name": name, "model": MODEL})
    control.ask("GET", "/v1/agents/")
    return control


def numbers(answer: dict[str, Any]) -> list[int]:
    return [entry["number"] for entry in answer["entries"]]


def test_entries_are_listed_and_looking_makes_none(control: Control) -> None:
    answer = control.get("/journal")

    operations = [entry["operation"] for entry in answer["entries"]]
    assert operations == ["agents.create", "agents.create", "agents.list"]
    assert answer["entries"][0]["body"]["name"] == "Ada"
    assert answer["dropped"] == 0
    assert numbers(control.get("/journal")) == [1, 2, 3]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("limit=2", [2, 3]),
        ("since=1", [2, 3]),
        ("since=0&limit=1", [1]),
        ("operation=agents.create", [1, 2]),
        ("operation=*.list&since=1", [3]),
        ("since=99", []),
        ("whole=true", [1, 2, 3]),
    ],
)
def test_some_entries_are_asked_for(query: str, found: list[int], control: Control) -> None:
    assert numbers(control.get(f"/journal?{query}")) == found


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "since=-1", "since=x", "nope=1"])
def test_what_cannot_be_asked_is_refused(query: str, control: Control) -> None:
    assert control.ask("GET", f"/journal?{query}")[0] == 422


def test_entries_are_forgotten_and_their_numbers_not_given_again(control: Control) -> None:
    assert control.ask("DELETE", "/journal") == (200, {"entries": [], "dropped": 0})

    control.ask("GET", "/v1/agents/")

    assert numbers(control.get("/journal")) == [4]


def test_an_expectation_that_is_met_names_the_entries(control: Control) -> None:
    expected = {
        "operation": "agents.create",
        "times": 1,
        "conditions": {"name": {"matches": "^B"}, "model": MODEL},
    }

    assert control.ask("POST", "/journal/expect", expected) == (
        200,
        {"met": True, "message": None, "entries": [2], "missing": 0},
    )


def test_an_expectation_that_is_not_met_explains_itself(control: Control) -> None:
    expected = {"operation": "agents.create", "conditions": {"name": "Eve"}, "since": 1}

    status, answer = control.ask("POST", "/journal/expect", expected)

    assert (status, answer["met"], answer["entries"]) == (200, False, [])
    assert "name: expected 'Eve', was 'Bob'" in answer["message"]


@pytest.mark.parametrize(
    "wrong", [{"conditions": {"name": {"matches": "("}}}, {"times": -1}, {"name": "Ada"}]
)
def test_what_is_no_expectation_is_refused(wrong: object, control: Control) -> None:
    assert control.ask("POST", "/journal/expect", wrong)[0] == 422


def test_a_client_that_does_well_has_a_clean_verdict(control: Control) -> None:
    answer = control.get("/verdict")

    assert (answer["clean"], answer["findings"], answer["text"]) == (True, [], "clean")


def test_a_verdict_names_what_went_wrong_unless_it_is_allowed(control: Control) -> None:
    control.ask("POST", "/faults", {"on": "agents.list", "status": 429, "retry_after": 60})
    for _ in range(2):
        control.ask("GET", "/v1/agents/")

    answer = control.get("/verdict")

    assert [finding["name"] for finding in answer["findings"]] == ["retry-after-ignored"]
    assert answer["text"].startswith("the client did 1 thing wrong\n")
    assert control.get("/verdict?allow=retry-after-ignored")["clean"]


def test_an_unknown_finding_is_told_with_those_there_are(control: Control) -> None:
    status, answer = control.ask("GET", "/verdict?allow=nope")

    assert status == 422
    assert answer["detail"].startswith("Unknown finding 'nope': the findings are ")


@pytest.mark.parametrize(
    ("order", "met"),
    [
        ({"operations": ["agents.create", "agents.list"]}, [1, 3]),
        ({"operations": ["agents.create", "agents.list"], "since": 1}, [2, 3]),
        ({"operations": ["agents.create", "agents.create"], "strict": True}, [1, 2]),
    ],
)
def test_an_order_that_is_met_names_the_entries(
    order: object, met: list[int], control: Control
) -> None:
    assert control.ask("POST", "/journal/expect-sequence", order) == (
        200,
        {"met": True, "message": None, "entries": met, "missing": 0},
    )


def test_an_order_that_is_not_met_explains_itself(control: Control) -> None:
    order = {"operations": ["agents.list", "agents.create"]}

    status, answer = control.ask("POST", "/journal/expect-sequence", order)

    assert (status, answer["met"], answer["entries"]) == (200, False, [])
    assert "agents.create" in answer["message"]


def test_unmet_expectations_are_listed(control: Control) -> None:
    assert control.get("/unmet") == {"unmet": []}

    control.ask("POST", "/script/rules", {"name": "greeting", "when": "hello", "reply": "Hi!"})

    assert control.get("/unmet") == {"unmet": ["greeting never replied"]}


def test_a_report_shows_what_that_of_a_failing_test_shows() -> None:
    control = Control()
    assert control.get("/report") == {"sections": []}

    control.ask("GET", "/v1/agents/")

    (section,) = control.get("/report")["sections"]
    assert section["title"] == "mockletta: 1 request"
    assert "agents.list GET /v1/agents/ 200" in section["text"]
