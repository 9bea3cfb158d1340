"""client.messages: the messages of all agents."""

from typing import Annotated

from mockletta.api.lists import page_of
from mockletta.api.messages.message_lists import (
    ConversationMessagesQuery,
    Listed,
    Parts,
    refuse_unknown_cursors,
)
from mockletta.api.messages.message_searches import REFUSAL, find_messages
from mockletta.api.passages import refuse_search
from mockletta.api.path_ids import MessageId
from mockletta.errors import NotFound
from mockletta.http.response_declarations import Says
from mockletta.http.routing import Routes
from mockletta.turns.message_expansion import expand_as_thoughts
from mockletta.wire.searches import AnyMessageMatch, MessageMatch, MessageSearch
from mockletta.world.quirks import OLDEST_FIRST
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

routes = Routes("/v1/messages")
Found = Annotated[list[MessageMatch], Says(list[AnyMessageMatch])]


@routes.get("/", "messages.list")
def list_messages(context: RequestContext, query: ConversationMessagesQuery) -> Listed:
    world = context.world
    refuse_unknown_cursors(world, query, None)
    quirks = (OLDEST_FIRST,) if query.order == "desc" else ()
    records = page_of(context, world.store.messages, query, quirks)
    return query.shown(records)


@routes.post("/search", "messages.search")
def search(context: RequestContext, body: MessageSearch) -> Found:
    refuse_search(context, REFUSAL)
    return find_messages(context.world, body)


@routes.get("/{message_id}", "messages.retrieve")
def retrieve(world: World, message_id: MessageId) -> Parts:
    """Return every part of a stored message, the last one first [80 retrieve tool_call_message]."""
    record = world.store.messages.find(message_id)
    if record is None:
        raise NotFound(f"Message with id {message_id} not found.")
    return expand_as_thoughts(record)[::-1]
