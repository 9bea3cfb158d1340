"""client.conversations.messages: messages in a conversation."""

from functools import cache
from typing import Annotated

from mockletta.api.agents.agent_settings import with_compaction
from mockletta.api.lists import Option, page_of
from mockletta.api.message_targets import find_target
from mockletta.api.messages.message_lists import Listed, MessagesQuery, refuse_unknown_cursors
from mockletta.api.messages.streams import (
    Compacted,
    Replied,
    Streamed,
    answer,
    resume,
    run_of_otid,
    stream,
)
from mockletta.api.messages.turn_starts import RequestMode, known_log, refuse_no_messages, send
from mockletta.api.path_ids import ConversationRef
from mockletta.errors import InvalidArgument, NotFound
from mockletta.http.rendering import Rendered
from mockletta.http.routing import Routes
from mockletta.turns.context.compaction import compact_thread
from mockletta.turns.context.system_prompt import DEFAULT_ID
from mockletta.turns.turn_state import Delivery
from mockletta.wire.agents import CompactionSettings
from mockletta.wire.conversations import CompactionResponse, CompactRequest
from mockletta.wire.message_requests import ConversationMessageRequest, ResumeRequest
from mockletta.world.quirks import CHRONOLOGICAL_CURSORS, OLDEST_FIRST, Quirk
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/conversations/{conversation_id}")
NO_ACTIVE_RUN = "No active runs found for this conversation."


class OneConversationQuery(MessagesQuery):
    agent_id: Annotated[str | None, Option()] = None


@routes.get("/messages", "conversations.messages.list")
def list_messages(
    context: RequestContext,
    world: World,
    conversation_id: ConversationRef,
    query: OneConversationQuery,
) -> Listed:
    """List the messages of a conversation, none for an unknown one [17]. An agent's own messages
    follow the rules of the agent's list [16]."""
    agent_id = _agent_in(conversation_id, query.agent_id)
    if agent_id is not None and agent_id not in world.store.agents:
        raise NotFound("Agent not found")
    thread_id, pages = agent_id or conversation_id, world.store.pages
    thread = world.store.find_thread(thread_id)
    if thread is None:
        return Rendered(b"[]")
    kept = pages.find(thread_id, thread, context.query_string)
    if kept is not None:
        return Rendered(kept)
    if agent_id is not None:
        refuse_unknown_cursors(world, query, agent_id)
    quirks = _quirks(query, direct=agent_id is not None)
    page = query.shown(page_of(context, thread, query, quirks))
    # other pages record in the journal what they depend on
    if isinstance(page, Rendered) and not quirks and query.before is None:
        pages.keep(thread_id, thread, context.query_string, page.json)
    return page


@routes.post("/messages", "conversations.messages.create")
def create(
    context: RequestContext,
    world: World,
    conversation_id: ConversationRef,
    body: ConversationMessageRequest,
) -> Replied:
    """Send messages. The answer is a stream unless `streaming` is false.

    A conversation allows one streamed turn at a time, an agent's own thread one turn [22].
    """
    refuse_no_messages(body)
    streaming = body.streaming
    background = streaming and body.background
    known = known_log(world, body) if background else None
    target = find_target(world, conversation_id, body.agent_id)
    if known is not None:
        run_id, log = known
        return stream(world, run_id, log, pings=body.include_pings)
    mode = _mode_of(streaming=streaming, background=background, direct=target.conversation is None)
    return answer(send(world, target, body, mode, context), streaming=streaming)


@cache
def _mode_of(*, streaming: bool, background: bool, direct: bool) -> RequestMode:
    run_type = "send_message" if direct else "send_conversation_message"
    delivery = Delivery(streaming=streaming, background=background)
    return RequestMode(run_type, delivery, locks=direct or streaming)


@routes.post("/stream", "conversations.messages.stream")
def stream_run(
    world: World, conversation_id: ConversationRef, body: ResumeRequest | None = None
) -> Streamed:
    """Follow a run by its id or by the otid of a message, in any conversation, or else the newest
    run in progress [21]."""
    request = body or ResumeRequest()
    if request.run_id:
        return resume(world, request.run_id, request)
    if request.otid:
        return resume(world, run_of_otid(world, request.otid), request)
    return resume(world, _active_run(world, conversation_id, request.agent_id), request)


@routes.post("/compact", "conversations.messages.compact")
def compact(
    world: World, conversation_id: ConversationRef, body: CompactRequest | None = None
) -> Compacted:
    request = body or CompactRequest()
    target = find_target(world, conversation_id, request.agent_id)
    settings = target.agent.compaction_settings or CompactionSettings()
    done = compact_thread(
        world,
        target.agent,
        target.thread,
        with_compaction(settings, request.compaction_settings),
        conversation_id=target.conversation_id,
    )
    return CompactionResponse(
        summary=done.summary, num_messages_before=done.before, num_messages_after=done.after
    )


def _agent_in(reference: str, agent_id: str | None) -> str | None:
    if reference.startswith("agent-"):
        return reference
    return agent_id if reference == DEFAULT_ID else None


def _quirks(query: MessagesQuery, *, direct: bool) -> tuple[Quirk, ...]:
    if query.order != "desc":
        return ()
    if direct:
        return (OLDEST_FIRST,)
    return (CHRONOLOGICAL_CURSORS,) if query.after or query.before else ()


def _active_run(world: World, reference: str, agent_id: str | None) -> str:
    agent_id = _agent_in(reference, agent_id)
    scope = ("agent_id", agent_id) if agent_id else ("conversation_id", reference)
    for run in reversed(world.store.runs.all(scope)):
        if run.id in world.active and (agent_id is None or run.conversation_id is None):
            return run.id
    raise InvalidArgument(NO_ACTIVE_RUN)
