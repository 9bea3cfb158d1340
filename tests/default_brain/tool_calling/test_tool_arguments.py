"""Arguments that are found in a message."""

import pytest

from mockletta.default_brain.tool_calling.parameter_roles import RoleParameter, ToolParameters
from mockletta.default_brain.tool_calling.tool_arguments import fill, read_order
from mockletta.default_brain.tool_calling.tool_fits import cuts_quotation
from tests.default_brain.tools import tool


def takes(*required: RoleParameter) -> ToolParameters:
    """What a tool about the weather takes."""
    names = [one.name for one in required]
    return ToolParameters(names, [*required], [], frozenset({"weather"}), frozenset(), {})


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", "the weather for Rome", "Rome"),
        ("string", "look at 'the moon' now", "the moon"),
        ("string", "open src/app.py please", "src/app.py"),
        ("integer", "roll it 3 times", 3),
        ("number", "add 2.5 litres", 2.5),
        ("boolean", "turn it off", False),
    ],
)
def test_a_parameter_takes_what_fits_its_kind(kind: str, text: str, value: object) -> None:
    assert fill(takes(RoleParameter("x", kind)), text).arguments == {"x": value}


def test_what_is_not_there_is_missing() -> None:
    city, days = RoleParameter("city", "string"), RoleParameter("days", "integer")
    found = fill(takes(city, days), "for Rome")
    assert (found.arguments, found.missing) == ({"city": "Rome"}, ["days"])


def test_a_part_of_a_quotation_is_no_argument() -> None:
    output = tool("task_output", "Output of a background shell", task_id="string")
    read = read_order(output, "Run the shell command 'echo hi > made.txt'")
    assert cuts_quotation(read)


def test_of_two_quotations_that_are_no_list_the_first_is_taken() -> None:
    greet = tool("greet", "Greet a guest.", text="string")
    assert read_order(greet, 'greet the guest "good day" or "hi all"').arguments == {
        "text": "good day"
    }
