"""The tools with which an agent writes and searches its archival memory [56]."""

from collections.abc import Callable, Mapping
from datetime import time
from zoneinfo import ZoneInfo

from mockletta.tools.archival_memory import (
    Search,
    archive_of,
    insert_passage,
    search_passages,
)
from mockletta.tools.arguments import call_tool
from mockletta.tools.conversation_search import read_moment
from mockletta.tools.returns import TOOL_ERRORS, ToolOutcome, failure, success
from mockletta.wire.agents import AgentState
from mockletta.world.world import World

DEFAULT_RESULTS = 10


def run_archival_tool(
    name: str, arguments: Mapping[str, object], world: World, agent: AgentState
) -> ToolOutcome:
    """Run a tool of ARCHIVAL_TOOLS. What it raises at the arguments is an outcome too."""
    try:
        return success(call_tool(ARCHIVAL_TOOLS[name], arguments, world, agent))
    except TOOL_ERRORS as error:
        return failure(name, error)


def archival_memory_insert(
    world: World, agent: AgentState, /, content: str, tags: list[str] | None = None
) -> None:
    """Write a passage; the real one returns nothing either."""
    labels = [str(tag) for tag in tags] if tags else tags
    insert_passage(world, archive_of(world, agent), content, labels)


def archival_memory_search(
    world: World,
    agent: AgentState,
    /,
    query: str,
    tags: list[str] | None = None,
    tag_match_mode: str | None = None,
    top_k: int | None = None,
    start_datetime: str | None = None,
    end_datetime: str | None = None,
) -> list[dict[str, object]]:
    """Find the passages nearest to `query`. Times without a timezone are in the agent's."""
    now = world.clock.now().astimezone(ZoneInfo(agent.timezone or "UTC"))
    search = Search(
        query=query,
        most=DEFAULT_RESULTS if top_k is None else max(top_k, 0),
        tags=tags or (),
        all_tags=tag_match_mode == "all",
        since=read_moment("start_datetime", start_datetime, time.min, now),
        until=read_moment("end_datetime", end_datetime, time.max, now),
    )
    return [found.model_dump() for found in search_passages(world, agent, search)]


ARCHIVAL_TOOLS: Mapping[str, Callable[..., object]] = {
    tool.__name__: tool for tool in (archival_memory_insert, archival_memory_search)
}
"""Every tool `run_archival_tool` knows."""
