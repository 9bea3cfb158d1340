"""What a model is told of the tools it is offered."""

from mockletta.brain.decisions import ToolSchema
from mockletta.turns.offered_tools import Offers
from mockletta.wire.message_requests import ClientTool
from mockletta.wire.tools import Tool

PARAMETERS: dict[str, object] = {"type": "object", "properties": {"x": {"type": "integer"}}}


def test_tools_are_told_with_their_descriptions_and_parameters() -> None:
    double = Tool(
        id="tool-1", name="double", json_schema={"description": "D", "parameters": PARAMETERS}
    )
    search = Tool(id="tool-2", name="search", description="S", tool_type="letta_core")

    offers = Offers([double, search], [ClientTool(name="look", parameters=PARAMETERS)])

    assert list(offers) == [
        ToolSchema("double", "D", PARAMETERS),
        ToolSchema("search", "S", is_base=True),
        ToolSchema("look", "", PARAMETERS),
    ]
    assert (len(offers), [one.name for one in offers[1:]]) == (3, ["search", "look"])


def test_a_schema_that_says_nothing_sound_tells_nothing() -> None:
    odd = Tool(id="tool-1", name="odd", json_schema={"description": 5, "parameters": []})

    assert list(Offers([odd], ())) == [ToolSchema("odd")]


def test_a_tool_of_the_client_takes_the_place_of_one_with_its_name() -> None:
    even, odd = Tool(id="tool-1", name="even"), Tool(id="tool-2", name="odd", description="Ours")
    theirs = ClientTool(name="odd", description="Theirs", parameters=PARAMETERS)

    assert list(Offers([odd, even], [theirs, theirs])) == [
        ToolSchema("even"),
        ToolSchema("odd", "Theirs", PARAMETERS),
        ToolSchema("odd", "Theirs", PARAMETERS),
    ]
