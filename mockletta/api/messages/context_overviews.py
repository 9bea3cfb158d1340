"""The present context of an agent's model: an overview, and the request itself [57].

Nothing is stored. The system message is compiled as in a dry run.
"""

from collections.abc import Sequence

from mockletta.api.message_targets import Target, find_target
from mockletta.api.messages.model_requests import ModelRequest
from mockletta.api.messages.provider_payloads import provider_request
from mockletta.api.messages.stored_message_shapes import stored_message
from mockletta.api.messages.turn_starts import model_for
from mockletta.api.path_ids import ConversationRef
from mockletta.catalogue.agent_types import AGENT_TYPES
from mockletta.http.routing import Routes
from mockletta.state.ids import Ids
from mockletta.state.message_records import MessageRecord
from mockletta.state.token_counting import count_tokens
from mockletta.tools.agent_files.file_blocks import directories
from mockletta.tools.tool_rules import CalledTools, allowed, demands_call, tool_usage_rules
from mockletta.turns.context.context_history import History
from mockletta.turns.context.incoming_messages import take_in
from mockletta.turns.context.system_prompt import count_stored, recompile
from mockletta.turns.model_calls import CallableTools, system_for
from mockletta.wire.contexts import (
    ContextWindowOverview,
    FunctionDefinition,
    FunctionTool,
    StoredMessage,
)
from mockletta.wire.input_messages import MessageCreate
from mockletta.wire.message_content import TextContent
from mockletta.wire.message_requests import ConversationMessageRequest, MessageRequest
from mockletta.world.world import World

routes = Routes("/v1/conversations/{conversation_id}")
MEMORY, FACTS = "<memory_blocks>", "<memory_metadata>"


def context_overview(world: World, target: Target) -> ContextWindowOverview:
    """Return the parts of a context and their sizes. The context of a conversation begins with the
    system message of its agent [77 context of conversation]."""
    agent, thread = target.agent, target.thread
    text = recompile(world, agent, thread, dry_run=True)
    before, _, facts = text.rpartition(FACTS)
    files = directories(world, agent)
    rules = tool_usage_rules(agent.tool_rules or ())
    rest = before.removeprefix(agent.system).rstrip().removesuffix(files or "")
    rest = rest.rstrip().removesuffix(rules or "")
    _, found, memory = rest.partition(MEMORY)
    memory = f"{found}{memory}".strip()
    tools = _functions(world, target)
    own = world.store.thread(agent.id).context[:1]
    records = [*own, *thread.context[len(own) :]]
    summary = next((record.summary for record in records[1:2]), None)
    sizes = {
        "external_memory_summary": count_tokens(FACTS + facts),
        "system": count_tokens(agent.system),
        "core_memory": count_tokens(memory),
        "tool_usage_rules": count_tokens(rules or ""),
        "directories": count_tokens(files or ""),
        "summary_memory": count_tokens(summary or ""),
        "functions_definitions": sum(count_tokens(tool.model_dump_json()) for tool in tools),
        "messages": sum(record.tokens for record in records[1 + bool(summary) :]),
    }
    return ContextWindowOverview.trusted(
        context_window_size_max=agent.llm_config.context_window,
        context_window_size_current=sum(sizes.values()),
        num_messages=len(records),
        num_archival_memory=len(world.store.passages_of(agent.id)),
        num_recall_memory=count_stored(world, agent),
        external_memory_summary=FACTS + facts,
        system_prompt=agent.system,
        core_memory=memory,
        tool_usage_rules=rules,
        directories=files,
        summary_memory=summary,
        functions_definitions=tools,
        messages=_shown(
            world,
            records,
            agent.llm_config.model,
            "\n\n".join([agent.system, memory, *filter(None, (rules, files)), FACTS + facts]),
        ),
        **{f"num_tokens_{name}": size for name, size in sizes.items()},
    )


def _functions(world: World, target: Target) -> list[FunctionTool]:
    offers = CallableTools(world.store.tools_of(target.agent.id), ())
    return [
        FunctionTool(
            function=FunctionDefinition(
                name=tool.name, description=tool.description, parameters=dict(tool.parameters)
            )
        )
        for tool in offers
    ]


def _shown(
    world: World, records: Sequence[MessageRecord], model: str, system: str
) -> list[StoredMessage]:
    """Return the stored messages, with the present system message, without author and time."""
    steps = [world.store.steps.find(record.step_id or "") for record in records]
    shown = [
        stored_message(record, step.model if step else model)
        for record, step in zip(records, steps, strict=True)
    ]
    if not shown or shown[0].role != "system":
        return shown
    now = {
        "content": [TextContent(text=system)],
        "created_by_id": None,
        "last_updated_by_id": None,
        "updated_at": None,
        "approvals": None,
    }
    return [shown[0].changed(now), *shown[1:]]


def preview_request(world: World, target: Target, request: MessageRequest) -> dict[str, object]:
    """Return the request that a provider would receive. Its messages come last."""
    new = [one for one in request.incoming if isinstance(one, MessageCreate)]
    pending = take_in(new, Ids(0), world.clock.peek(), target.agent.id, target.conversation_id)
    stored = target.thread.system
    system = str(stored.content) if stored else target.agent.system
    rules = target.agent.tool_rules or ()
    attached = world.store.tools_of(target.agent.id)
    permitted = allowed(rules, CalledTools(), [tool.name for tool in attached])
    offered = [tool for tool in attached if tool.name in permitted]
    kept = 1 if target.agent.message_buffer_autoclear else None
    context = target.thread.context[:kept]
    demanded = demands_call(rules, CalledTools(), permitted)
    return provider_request(
        ModelRequest(
            model_for(world, target, request),
            system_for(system, request.override_system, request.client_skills),
            History(context, pending, uneven=True),
            CallableTools(offered, request.client_tools or ()),
            must_call=demanded or AGENT_TYPES[target.agent.agent_type].must_call_tool,
            forced=permitted[0] if demanded and len(permitted) == 1 else None,
        )
    )


@routes.post("/messages/preview-raw-payload", "conversations.messages.preview_raw_payload")
def preview(
    world: World, conversation_id: ConversationRef, body: ConversationMessageRequest
) -> dict[str, object]:
    """Show the request that the model's provider would receive."""
    return preview_request(world, find_target(world, conversation_id, body.agent_id), body)
