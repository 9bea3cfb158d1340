"""Numbers, currencies and units in orders."""

import pytest

from mockletta.default_brain.tool_calling.tool_arguments import read_order
from tests.default_brain.tools import tool

TIMER = tool("start_timer", "Start a timer.", minutes="integer")


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("start a timer for ninety minutes", 90),
        ("start a timer for an hour and a half", 90),
        ("start a timer for 2h 15m", 135),
        ("start a timer for three quarters of an hour", 45),
        ("start a half hour timer", 30),
    ],
)
def test_a_span_of_time_is_one_number_in_the_unit_of_its_parameter(said: str, minutes: int) -> None:
    assert read_order(TIMER, said).arguments == {"minutes": minutes}


def test_a_number_of_another_kind_is_not_taken() -> None:
    assert read_order(TIMER, "start a timer for 1 minute and 30 seconds").missing == ["minutes"]


def test_the_numbers_of_a_list_are_for_a_call_each() -> None:
    calls = read_order(TIMER, "start timers for 5, 10 and 15 minutes").calls()
    assert calls == [{"minutes": 5}, {"minutes": 10}, {"minutes": 15}]


def test_a_number_that_belongs_to_a_name_limits_nothing() -> None:
    search = tool("web_search", "Search the web.", query="string")
    search.parameters["properties"]["max_results"] = {"type": "integer"}  # type: ignore[index]
    assert read_order(search, "search for vite 5 release notes").arguments == {
        "query": "vite 5 release notes"
    }


@pytest.mark.parametrize("digits", ["9" * 400, "1" + ",999" * 200])
@pytest.mark.parametrize("unit", ["minutes", "hours", "quarters"])
def test_a_number_without_end_is_no_amount(digits: str, unit: str) -> None:
    assert read_order(TIMER, f"start a timer for {digits} {unit}").missing == ["minutes"]
    assert read_order(TIMER, f"start a timer for {digits}h").missing == ["minutes"]
