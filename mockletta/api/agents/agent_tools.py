"""client.agents.tools: an agent's tools, and which of them need approval."""

from collections.abc import Awaitable
from typing import Annotated

from mockletta.api.agents.agent_attachments import AttachedQuery, agent_for_older_clients
from mockletta.api.agents.agent_updates import touch_agent
from mockletta.api.lists import page_of
from mockletta.api.path_ids import AgentId, ToolId
from mockletta.api.resource import attachments
from mockletta.errors import ORGANIZATION_ID, NotFound, Unprocessable
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.http.routing import Routes
from mockletta.tools.returns import ToolOutcome
from mockletta.turns.driver import run_single_tool
from mockletta.turns.tool_calls import APPROVAL_RULE
from mockletta.wire.agents import AgentState
from mockletta.wire.base import Body
from mockletta.wire.fields import Limit
from mockletta.wire.tool_requests import RunTool, ToolExecutionResult, UpdateApproval
from mockletta.wire.tool_rules import RequiresApprovalToolRule
from mockletta.wire.tools import MCP_TYPE, Tool
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}/tools")
Ran = Annotated[object, DeclaredResponse(ToolExecutionResult)]


class AgentToolsQuery(AttachedQuery):
    """Newest first, ten rows."""

    limit: Limit | None = 10


class ApprovalQuery(Body):
    requires_approval: bool | None = None


@routes.get("", "agents.tools.list")
def list_tools(context: RequestContext, agent_id: AgentId, query: AgentToolsQuery) -> list[Tool]:
    store = context.world.store
    _known_agent(context.world, agent_id)
    tools = store.tools.in_order(store.agent_tools.rights(agent_id))
    return page_of(context, tools, query)


@routes.patch("/approval/{tool_name}", "agents.tools.update_approval")
def update_approval(
    context: RequestContext,
    agent_id: AgentId,
    tool_name: str,
    query: ApprovalQuery,
    body: UpdateApproval | None = None,
) -> AgentState | None:
    """Set whether a tool needs approval, by the body or else by the query [33 approval on by
    query]."""
    required = body.requires_approval if body is not None else query.requires_approval
    if required is None:
        raise Unprocessable(
            "requires_approval must be provided either in request body or as query parameter"
        )
    agent = context.world.store.agents.get(agent_id)
    require_approval(context.world, agent, tool_name, required=required)
    return agent_for_older_clients(context, agent_id)


@routes.post("/{tool_name}/run", "agents.tools.run")
def run(
    context: RequestContext, agent_id: AgentId, tool_name: str, body: RunTool | None = None
) -> Ran:
    """Run one of an agent's tools outside of any turn [62 run tool]."""
    world = context.world
    agent = world.store.agents.find(agent_id)
    if agent is None:
        raise NotFound(f"Agent with ID {agent_id} not found")
    types = {tool.name: tool.tool_type for tool in world.store.tools_of(agent_id)}
    if tool_name not in types:
        raise NotFound(f"Tool '{tool_name}' not found or not attached to agent '{agent_id}'")
    is_mcp = types[tool_name] == MCP_TYPE
    outcome = run_single_tool(context, agent, tool_name, body.args if body else {})
    if isinstance(outcome, ToolOutcome):
        return _result(outcome, is_mcp=is_mcp)
    return _once_known(outcome)


async def _once_known(outcome: Awaitable[ToolOutcome]) -> ToolExecutionResult:
    return _result(await outcome, is_mcp=False)


def _result(outcome: ToolOutcome, *, is_mcp: bool) -> ToolExecutionResult:
    shows_return = outcome.status == "success" or is_mcp
    return ToolExecutionResult(
        status=outcome.status,
        func_return=(outcome.data or outcome.text) if shows_return else None,
        stdout=None if outcome.stdout is None else list(outcome.stdout),
        stderr=None if outcome.stderr is None else list(outcome.stderr),
    )


def _known_agent(world: World, agent_id: str) -> AgentState:
    agent = world.store.agents.find(agent_id)
    if agent is None:
        raise NotFound("Agent not found")
    return agent


def attach_tool(world: World, agent_id: str, tool_id: str) -> None:
    """Attach a tool; doing so again changes nothing [62 attach again]."""
    agent, tool = _known_agent(world, agent_id), world.store.tools.find(tool_id)
    if tool is None:
        raise NotFound(f"Tool with id={tool_id} not found in organization={ORGANIZATION_ID}")
    world.store.agent_tools.add(agent_id, tool_id)
    if tool.default_requires_approval:
        require_approval(world, agent, tool.name, required=True)
    touch_agent(world, agent_id)


def detach_tool(world: World, agent_id: str, tool_id: str) -> None:
    """Detach a tool; one that is not attached is no error [62 detach again]."""
    _known_agent(world, agent_id)
    world.store.agent_tools.discard(agent_id, tool_id)
    touch_agent(world, agent_id)


attachments(
    "agents.tools",
    routes,
    "",
    attach=attach_tool,
    detach=detach_tool,
    answer=agent_for_older_clients,
    agent_id=AgentId,
    tool_id=ToolId,
)


def require_approval(world: World, agent: AgentState, tool_name: str, *, required: bool) -> None:
    """Set whether calls of a tool wait for approval. The tool does not need to exist [62]."""
    rules = [
        rule
        for rule in agent.tool_rules or []
        if not (rule.type == APPROVAL_RULE and rule.tool_name == tool_name)
    ]
    if required:
        rules.append(RequiresApprovalToolRule(tool_name=tool_name))
    world.store.agents.replace(agent.changed({"tool_rules": rules}))
    touch_agent(world, agent.id)
