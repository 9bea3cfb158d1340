"""Tools beyond an agent: those of the server anew, a tool tried out, a schema read from source."""

from collections.abc import Mapping

from mockletta.resources.tools import save_tool
from mockletta.state.base_tools import tools_by_name
from mockletta.state.clock import spell_date
from mockletta.tools.registered_functions import run_function
from mockletta.tools.returns import ToolOutcome
from mockletta.tools.stand_ins import refused, stand_in
from mockletta.wire.messages import ToolReturn, ToolReturnMessage
from mockletta.wire.tool_requests import CodeInput, CreateTool, RunFromSource
from mockletta.wire.tools import Tool
from mockletta.world.world import World

NO_ID = "null"


def add_base_tools(world: World) -> list[Tool]:
    """The server's own tools, those that were deleted among them again [62 add-base-tools]."""
    known = {tool.name: tool for tool in world.store.tools if tool.tool_type != "custom"}
    return [
        known.get(name) or world.store.tools.add(tool.make(world.ids.new("tool")))
        for name, tool in tools_by_name().items()
    ]


def try_tool(world: World, body: RunFromSource) -> ToolReturnMessage:
    """How a call of a tool would end: its code is not run, a function of yours or a stand-in
    answers. Of the ids of a real call there are none [62 run from source]."""
    tool = save_tool(world.copy(), body.as_tool())
    outcome = _outcome(world, tool, body.args)
    returned = ToolReturn(
        tool_return=outcome.text,
        status=outcome.status,
        tool_call_id=NO_ID,
        stdout=list(outcome.stdout) if outcome.stdout else None,
        stderr=list(outcome.stderr) if outcome.stderr else None,
    )
    return ToolReturnMessage(
        id=NO_ID,
        date=spell_date(world.clock.now()),
        name=tool.name,
        tool_return=outcome.text,
        status=outcome.status,
        tool_call_id=NO_ID,
        stdout=returned.stdout,
        stderr=returned.stderr,
        tool_returns=[returned],
    )


def schema_of(world: World, body: CodeInput) -> dict[str, object]:
    """The schema that a tool of this source would have [62 generate-schema]."""
    tool = CreateTool(source_code=body.code, source_type=body.source_type or "python")
    return save_tool(world.copy(), tool).json_schema or {}


def _outcome(world: World, tool: Tool, arguments: Mapping[str, object]) -> ToolOutcome:
    function = world.functions.find(tool.name)
    if function is None:
        return stand_in(tool, arguments)
    return refused(tool, arguments) or run_function(tool.name, function, arguments)
