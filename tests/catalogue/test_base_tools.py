import json
from pathlib import Path

from mockletta.catalogue.base_tools import make_base_tools, tools_by_name
from mockletta.state.ids import Ids
from mockletta.wire.tools import Tool
from mockletta.world.world import BASE_TOOLS, World

TRANSCRIPTS = Path(__file__).parents[1] / "replay" / "transcripts"


def without_prose(value: object) -> object:
    if isinstance(value, list):
        return [without_prose(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: without_prose(one)
        for key, one in value.items()
        if key != "id" and not (key == "description" and isinstance(one, str))
    }


def test_the_base_tools_are_the_recorded_ones_but_for_their_prose() -> None:
    fresh_server = json.loads((TRANSCRIPTS / "00_fresh_server.json").read_text())["exchanges"]
    named = {exchange["name"]: exchange["response"]["body"] for exchange in fresh_server}
    recorded = {tool["name"]: tool for tool in named["tools before any agent"]}
    ids = [Ids(1).new("tool")] * BASE_TOOLS
    ours = {tool.name: tool.model_dump(mode="json") for tool in make_base_tools(ids)}
    assert without_prose(ours) == without_prose(recorded)


def test_each_world_has_base_tools_with_ids_of_its_own() -> None:
    one, other = World().store.tools, World().store.tools
    assert [tool.name for tool in one] == [tool.name for tool in other]
    assert len({tool.id for tool in [*one, *other]}) == 2 * BASE_TOOLS


def test_a_base_tool_is_shown_as_the_server_shows_it() -> None:
    user = "user-00000000-0000-4000-8000-000000000000"
    description = "Fetch a web page and return it as Markdown."
    parameters = {
        "type": "object",
        "properties": {"url": {"type": "string", "description": "Address of the page."}},
        "required": ["url"],
    }
    assert tools_by_name()["fetch_webpage"].make("tool-1") == Tool(
        id="tool-1",
        tool_type="letta_builtin",
        description=description,
        source_type="python",
        name="fetch_webpage",
        tags=["letta_builtin"],
        json_schema={
            "name": "fetch_webpage",
            "description": description,
            "parameters": parameters,
        },
        enable_parallel_execution=True,
        created_by_id=user,
        last_updated_by_id=user,
    )


def test_worlds_share_no_schema() -> None:
    tool = tools_by_name()["fetch_webpage"]
    schema = tool.make("tool-1").json_schema
    assert schema is not None
    schema["parameters"] = {}
    assert tool.make("tool-2").json_schema != schema
