"""An agent's context and its model, beyond the SDK: overview, preview and generation."""

from collections.abc import Awaitable

from mockletta.api.agents.included_relations import read_agent
from mockletta.api.cloud.schedules import scheduling_agent
from mockletta.api.cloud.template_agents import variables_of
from mockletta.api.message_targets import agent_named, agent_target, find_target
from mockletta.api.messages.captured_messages import Captured, CaptureRequest, capture
from mockletta.api.messages.context_overviews import context_overview, preview_request
from mockletta.api.messages.generating import generate
from mockletta.api.path_ids import AgentId
from mockletta.http.routing import Routes
from mockletta.wire.agents import Memory
from mockletta.wire.base import Body
from mockletta.wire.completions import GenerateRequest, GenerateResponse
from mockletta.wire.contexts import AgentVariables, ContextWindowOverview
from mockletta.wire.message_requests import MessageRequest
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}")


class ContextQuery(Body):
    conversation_id: str | None = None


@routes.get("/context", "agents.context.retrieve")
def context(world: World, agent_id: AgentId, query: ContextQuery) -> ContextWindowOverview:
    """Show an overview of the agent's own context, or of one of its conversations."""
    agent = agent_named(world, agent_id)
    return context_overview(world, find_target(world, query.conversation_id or agent.id, agent.id))


@routes.get("/core-memory", "agents.core_memory.retrieve")
def core_memory(context: RequestContext, world: World, agent_id: AgentId) -> Memory:
    return read_agent(context, agent_named(world, agent_id)).memory


@routes.get("/core-memory/variables", "agents.core_memory.variables.list")
def variables(world: World, agent_id: str) -> AgentVariables:
    """Show the memory variables with which an agent was created from a template."""
    return AgentVariables(variables=dict(variables_of(world, scheduling_agent(world, agent_id))))


@routes.post("/generate", "agents.generate")
def generate_text(
    world: World, agent_id: AgentId, body: GenerateRequest
) -> GenerateResponse | Awaitable[GenerateResponse]:
    """Ask the agent's model for a text, without the agent's memory or messages."""
    return generate(world, agent_named(world, agent_id), body)


@routes.post("/messages/preview-raw-payload", "agents.messages.preview_raw_payload")
def preview(world: World, agent_id: AgentId, body: MessageRequest) -> dict[str, object]:
    """Show the request that the model's provider would receive."""
    return preview_request(world, agent_target(world, agent_id), body)


@routes.post("/messages/capture", "agents.messages.capture")
def capture_messages(world: World, agent_id: AgentId, body: CaptureRequest) -> Captured:
    """Store a dialogue that took place without the server."""
    return capture(world, agent_named(world, agent_id), body)
