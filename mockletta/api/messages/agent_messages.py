"""client.agents.messages: messages to an agent outside of conversations.

These requests take no lock [22 agents messages create while busy].
"""

from collections.abc import Sequence
from typing import Annotated, Never

from mockletta.api.agents.agent_settings import with_compaction
from mockletta.api.agents.included_relations import read_agent
from mockletta.api.lists import Option, find_page_of
from mockletta.api.message_targets import agent_target
from mockletta.api.messages.message_lists import (
    ConversationMessagesQuery,
    Listed,
    expanded,
    refuse_unknown_cursors,
)
from mockletta.api.messages.streams import Compacted, Replied, answer
from mockletta.api.messages.thread_beginnings import add_first_messages
from mockletta.api.messages.turn_starts import (
    ASYNC_MODE,
    RequestMode,
    refuse_no_messages,
    send,
)
from mockletta.api.path_ids import AgentId, MessageId
from mockletta.api.runs.cancel_requests import cancel_run, runs_to_cancel
from mockletta.errors import (
    ImmutableMessage,
    NotFound,
    NotText,
    Unprocessable,
)
from mockletta.http.rendering import LongList, Rendered
from mockletta.http.response_declarations import DeclaredError
from mockletta.http.routing import Routes
from mockletta.search.slices import Sliced
from mockletta.state.message_records import MessageRecord, plain_text
from mockletta.turns.context.compaction import compact_thread
from mockletta.turns.context.context_history import alert_message
from mockletta.turns.context.system_prompt import recompile
from mockletta.turns.message_expansion import SEND_MESSAGE, Speech
from mockletta.turns.turn_state import Delivery
from mockletta.wire.agents import AgentState, CompactionSettings
from mockletta.wire.base import Body
from mockletta.wire.conversations import CompactionResponse, CompactRequest
from mockletta.wire.message_requests import AsyncMessageRequest, MessageRequest
from mockletta.wire.message_updates import MessageUpdate
from mockletta.wire.runs import Run
from mockletta.world.client_headers import Client
from mockletta.world.quirks import (
    OLDEST_FIRST,
    UNHEARD_CLIENT_TOOLS,
)
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/agents/{agent_id}")


class AgentMessagesQuery(ConversationMessagesQuery):
    """How lists show the calls with which agents of older types speak."""

    use_assistant_message: Annotated[bool, Option()] = True
    assistant_message_tool_name: Annotated[str, Option()] = SEND_MESSAGE.tool
    assistant_message_tool_kwarg: Annotated[str, Option()] = SEND_MESSAGE.argument

    def shown(self, records: Sequence[MessageRecord]) -> Rendered | LongList:
        speech = Speech(self.assistant_message_tool_name, self.assistant_message_tool_kwarg)
        wanted = self.include_return_message_types
        return expanded(records, wanted, speech if self.use_assistant_message else None)


class CancelBody(Body):
    run_ids: list[str] | None = None


class ResetBody(Body):
    add_default_initial_messages: bool = False


Immutable = Annotated[Never, DeclaredError(405)]


@routes.get("/messages", "agents.messages.list")
def list_messages(
    context: RequestContext, world: World, agent_id: AgentId, query: AgentMessagesQuery
) -> Sliced[Listed]:
    """List the messages of all of an agent's conversations [16]."""
    if agent_id not in world.store.agents:
        raise NotFound("Agent not found")
    refuse_unknown_cursors(world, query, agent_id)
    messages = world.store.messages.view(("agent_id", agent_id))
    quirks = (OLDEST_FIRST,) if query.order == "desc" else ()
    records = yield from find_page_of(context, messages, query, quirks)
    return query.shown(records)


@routes.post("/messages", "agents.messages.create")
def create(
    context: RequestContext, world: World, client: Client, agent_id: AgentId, body: MessageRequest
) -> Replied:
    """Send messages; the answer is one JSON body unless `streaming` is true."""
    refuse_no_messages(body)
    if body.streaming:
        if not client.is_sdk_v1:
            raise Unprocessable("streaming=true is only supported for SDK v1.0+ clients.")
        return _stream(context, world, agent_id, body, "send_message")
    _refuse_options_of_streams(body)
    mode = RequestMode("send_message", Delivery(by_agent=True))
    return answer(send(world, agent_target(world, agent_id), body, mode, context), streaming=False)


def _refuse_options_of_streams(body: MessageRequest) -> None:
    options = {
        "stream_tokens can only be true": body.stream_tokens,
        "include_pings can only be set to false": not body.include_pings,
        "background can only be true": body.background,
    }
    faults = [f"{fault} when streaming=true" for fault, is_set in options.items() if is_set]
    if faults:
        raise Unprocessable(
            f"Streaming options set without streaming enabled. {'; '.join(faults)}. "
            "Either set streaming=true or use default values for streaming options."
        )


@routes.post("/messages/stream", "agents.messages.stream")
def create_stream(
    context: RequestContext, world: World, agent_id: AgentId, body: MessageRequest
) -> Replied:
    """Send messages and stream the reply, regardless of `streaming` [57]."""
    return _stream(context, world, agent_id, body, "send_message_streaming")


@routes.post("/messages/async", "agents.messages.create_async")
def create_async(
    context: RequestContext, world: World, agent_id: AgentId, body: AsyncMessageRequest
) -> Run:
    """Send messages without waiting. The answer is the run, which has not started [57]."""
    if agent_id not in world.store.agents:
        raise NotFound("Agent not found")
    if body.client_tools:
        context.depends_on(UNHEARD_CLIENT_TOOLS, "a run that waits when it calls one of them")
        if UNHEARD_CLIENT_TOOLS in world.quirks:
            body = body.model_copy(update={"client_tools": None})
    turn = send(world, agent_target(world, agent_id), body, ASYNC_MODE, context)
    return world.store.runs.get(turn.run_id)


@routes.post("/messages/cancel", "agents.messages.cancel")
def cancel_runs(
    context: RequestContext, world: World, agent_id: AgentId, body: CancelBody | None = None
) -> dict[str, str]:
    """Cancel runs by id, or else those in progress or the newest.

    A run that has ended becomes cancelled too, even another agent's; an unknown one is `failed`
    [05, 57, 71 F: mixed ids].
    """
    run_ids = (body.run_ids if body else None) or runs_to_cancel(context, world, agent_id)
    return {run_id: cancel_run(context, world, run_id) for run_id in run_ids}


@routes.patch("/messages/{message_id}", "agents.messages.update")
def update(agent_id: AgentId, message_id: MessageId, body: MessageUpdate) -> Immutable:  # noqa: ARG001
    raise ImmutableMessage


@routes.patch("/reset-messages", "agents.messages.reset")
def reset(context: RequestContext, world: World, agent_id: AgentId, body: ResetBody) -> AgentState:
    """Remove everything but the system message from an agent's own context, and add the first
    messages of its type again if requested.

    Lists still show all messages [57].
    """
    agent = world.store.agents.get(agent_id)
    thread = world.store.thread(agent_id)
    thread.set_context(thread.context[:1])
    recompile(world, agent, thread, dry_run=False)
    if body.add_default_initial_messages:
        add_first_messages(world, agent, thread)
    changed = agent.changed({"updated_at": world.clock.now()})
    return read_agent(context, world.store.agents.replace(changed))


@routes.post("/summarize", "agents.messages.compact")
def compact(world: World, agent_id: AgentId, body: CompactRequest | None = None) -> Compacted:
    """Compact an agent's own context. If it holds nothing but a summary, that is the answer [06
    agent summarize endpoint]. Any other context that cannot get shorter is a 400.

    Without messages there is no summary, which is a 400 too [85x * summarize].
    """
    target = agent_target(world, agent_id)
    settings = with_compaction(
        target.agent.compaction_settings or CompactionSettings(),
        body.compaction_settings if body else None,
    )
    context = list(target.thread.context)
    if all(record.summary is not None for record in context[1:]):
        return _present_summary(context)
    done = compact_thread(world, target.agent, target.thread, settings, conversation_id=None)
    return CompactionResponse(
        summary=done.summary, num_messages_before=done.before, num_messages_after=done.after
    )


def _stream(
    context: RequestContext, world: World, agent_id: str, body: MessageRequest, run_type: str
) -> object:
    """Stream a turn. Unlike in conversations, known otids start another turn [84 agents stream]."""
    target = agent_target(world, agent_id)
    mode = RequestMode(
        run_type, Delivery(streaming=True, background=body.background, by_agent=True)
    )
    return answer(send(world, target, body, mode, context), streaming=True)


def _present_summary(context: Sequence[MessageRecord]) -> CompactionResponse:
    if len(context) < 2:
        raise NotText("CompactionResponse", "summary")
    newest = plain_text(context[-1].content)
    return CompactionResponse(
        summary=alert_message(newest) or newest,
        num_messages_before=len(context),
        num_messages_after=len(context),
    )
