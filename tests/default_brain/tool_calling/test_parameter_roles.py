"""What parameters of tools are for."""

from mockletta.default_brain.tool_calling.parameter_roles import RoleParameter, roles_of
from tests.default_brain.tools import tool


def test_a_tool_is_read_by_what_its_schema_says() -> None:
    for description in ("", "x" * 20_000):
        twins = tool("get", description, a="string"), tool("get", description, b="string")
        assert [roles_of(one).names for one in twins] == [["a"], ["b"]]


def test_a_role_comes_from_the_name_or_else_from_the_description() -> None:
    assert RoleParameter("departure_city", "string").roles == {"from", "place"}
    assert RoleParameter("x", "string", description="The city to look up").roles == {"place"}
    assert RoleParameter("start", "string", description="When it begins").is_timed
    assert not RoleParameter("start", "string", description="Where it begins").is_timed


def test_a_huge_schema_is_read_in_part() -> None:
    mode = {"enum": [f"mode {number}" for number in range(2000)]}
    (parameter,) = roles_of(tool("set_mode", "", mode=mode)).required

    assert len(parameter.choices) == 500
    assert len(RoleParameter("a" * 9000, "string").labels[0]) == 100
