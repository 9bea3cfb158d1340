"""Runs a tool: a test author's function, the server's own tool, or a stand-in; never client
code."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import cache

from mockletta.tools.agent_messaging import MESSAGING_TOOLS
from mockletta.tools.block_edits import apply_edit
from mockletta.tools.call_arguments import outcome_of
from mockletta.tools.context import ToolContext
from mockletta.tools.conversation_search import NAME as SEARCH
from mockletta.tools.conversation_search import awaited_search, run_conversation_search
from mockletta.tools.custom_tools import environment_of, run_custom_tool
from mockletta.tools.memory_tools import MEMORY_TOOLS, run_memory_tool
from mockletta.tools.returns import ToolOutcome
from mockletta.wire.tools import MCP_TYPE, Tool
from mockletta.world.world import World


def sends_messages(world: World, name: str) -> bool:
    """Return whether a tool of this name sends messages to agents; `run_tool` cannot run it."""
    return name in MESSAGING_TOOLS and world.functions.find(name) is None


def awaited_call(
    context: ToolContext, tool: Tool, arguments: Mapping[str, object]
) -> Callable[[], Awaitable[ToolOutcome]] | None:
    """Return a function that runs a tool while other requests go on. None if `run_tool` runs it at
    once."""
    if tool.tool_type != MCP_TYPE:
        return awaited_search(context, tool.name, arguments)
    from mockletta.tools.mcp_connections import real_call  # noqa: PLC0415 - few agents have any

    return real_call(context.world, tool, arguments)


def run_tool(context: ToolContext, name: str, arguments: Mapping[str, object]) -> ToolOutcome:
    """Run one of an agent's tools on the loop and under the world's lock."""
    world = context.world
    tool = next(tool for tool in world.store.tools_of(context.agent.id) if tool.name == name)
    if tool.tool_type == MCP_TYPE:
        from mockletta.tools.mcp_tools import run_mcp_tool  # noqa: PLC0415 - few agents have any

        return run_mcp_tool(world, tool, arguments)
    function = world.functions.find(name)
    own = _run_own(context, name, arguments) if function is None else None
    if own is not None:
        return own
    return run_custom_tool(tool, function, arguments, environment_of(context.agent))


def _run_own(
    context: ToolContext, name: str, arguments: Mapping[str, object]
) -> ToolOutcome | None:
    """Run one of the server's own tools; None if the tool is not imitated."""
    if name in MEMORY_TOOLS:
        outcome = run_memory_tool(name, arguments, context.blocks)
        for edit in outcome.edits:
            apply_edit(context, edit)
        context.world.record_block_changes(replace(context.cause, tool=name))
        return outcome
    if name == SEARCH:
        return run_conversation_search(context, arguments)
    tool = _context_tools().get(name)
    return None if tool is None else outcome_of(tool, arguments, context)


@cache
def _context_tools() -> Mapping[str, Callable[..., object]]:
    """Return the tools that are called with a ToolContext and a model's arguments. They are
    imported with their first call."""
    from mockletta.tools.agent_files.file_tools import FILE_TOOLS  # noqa: PLC0415
    from mockletta.tools.archival_memory import ARCHIVAL_TOOLS  # noqa: PLC0415

    return {**ARCHIVAL_TOOLS, **FILE_TOOLS}
