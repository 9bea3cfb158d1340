"""Choices, switches and times in orders."""

import pytest

from mockletta.default_brain.tool_calling.tool_arguments import read_order
from tests.default_brain.tools import tool

MOVE = tool(
    "move_money", "Move money between accounts.",
    amount="number", source={"enum": ["savings", "checking"]},
    target={"enum": ["savings", "checking"]},
)  # fmt: skip


def test_a_choice_goes_where_its_preposition_says() -> None:
    found = read_order(MOVE, "move 200 to checking from savings").arguments
    assert found == {"amount": 200, "source": "savings", "target": "checking"}


@pytest.mark.parametrize(
    ("said", "on"),
    [
        ("turn on the fan", True),
        ("turn the fan off", False),
        ("switch the fan off again", False),
        ("set the fan: on = true", True),
    ],
)
def test_a_switch_is_read_wherever_it_stands(said: str, on: bool) -> None:
    fan = tool("set_fan", "Control the fan.", on="boolean")
    assert read_order(fan, said).arguments == {"on": on}


def test_a_day_and_a_time_are_kept_apart_if_there_are_two_parameters() -> None:
    book = tool("book", "Book a visit.", date="string", time="string")
    found = read_order(book, "book a visit on Monday at 9:30").arguments
    assert found == {"date": "Monday", "time": "9:30"}
