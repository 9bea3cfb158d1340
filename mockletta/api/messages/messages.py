"""client.messages: the messages of all agents."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Annotated

from mockletta.api.lists import Option, find_page_of
from mockletta.api.messages.message_lists import (
    ConversationMessagesQuery,
    Listed,
    Parts,
    refuse_unknown_cursors,
)
from mockletta.api.messages.stored_message_shapes import stored_message
from mockletta.api.passages import aware, refuse_search
from mockletta.api.path_ids import MessageId
from mockletta.errors import NotFound
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.http.routing import Routes
from mockletta.search.ranking import Ranked, ranked
from mockletta.search.slices import Sliced
from mockletta.state.message_records import MessageRecord, plain_text
from mockletta.state.paging import Page, find_page
from mockletta.state.table import ARRIVAL
from mockletta.turns.context.system_prompt import DEFAULT_ID
from mockletta.turns.message_expansion import expand, expand_as_thoughts, return_text
from mockletta.wire.contexts import StoredMessage
from mockletta.wire.messages import (
    AssistantMessage,
    Message,
    ReasoningMessage,
    SystemMessage,
    UserMessage,
)
from mockletta.wire.searches import (
    AnyMessageMatch,
    AssistantMessageMatch,
    MessageFilter,
    MessageMatch,
    MessageSearch,
    ReasoningMessageMatch,
    StoredMessageMatch,
    StoredMessageSearch,
    SystemMessageMatch,
    UserMessageMatch,
)
from mockletta.world.quirks import OLDEST_FIRST
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

MOST = 10_000
"""The number of the newest matching messages that are ranked."""
REFUSAL = "Message search requires message embedding, OpenAI, and Turbopuffer to be enabled."
"""The answer of a server without embeddings [57 agents messages search]."""
_SPOKEN = ("system", "user", "assistant")
_MATCHES: Mapping[type[Message], type[MessageMatch]] = MappingProxyType(
    {
        SystemMessage: SystemMessageMatch,
        UserMessage: UserMessageMatch,
        AssistantMessage: AssistantMessageMatch,
        ReasoningMessage: ReasoningMessageMatch,
    }
)


def find_messages(world: World, asked: MessageSearch) -> Sliced[list[MessageMatch]]:
    """Return the matching messages, best first. The parts of a message follow each other."""
    records = yield from _find_fitting(world, asked, lambda record: record.role in _SPOKEN)
    texts = [searched_text(record) for record in records]
    places = yield from ranked(asked.query, texts, asked.search_mode)
    parts = (match for one in places for match in _parts(records[one.place]))
    return list(islice(parts, asked.limit))


def find_stored_messages(
    world: World, asked: StoredMessageSearch
) -> Sliced[list[StoredMessageMatch]]:
    """Return stored messages, best first; without a query the newest first."""
    roles = asked.roles
    records = yield from _find_fitting(
        world, asked, lambda record: not roles or record.role in roles
    )
    texts = [searched_text(record) for record in records]
    if asked.query:
        places = yield from ranked(asked.query, texts, asked.search_mode)
    else:
        places = [Ranked(place, 0.0, None, None) for place in range(len(texts))]
    return [
        StoredMessageMatch(
            embedded_text=texts[one.place],
            message=_stored(world, records[one.place]),
            fts_rank=one.fts_rank,
            vector_rank=one.vector_rank,
            rrf_score=one.score,
        )
        for one in places[: asked.limit]
        if records[one.place].agent_id in world.store.agents  # it may be gone after the search
    ]


def searched_text(record: MessageRecord) -> str:
    """Return the searched text of a message: all of its texts, also those of tools."""
    if record.tool_returns:
        return "\n".join(return_text(returned) for returned in record.tool_returns)
    texts = (record.reasoning, plain_text(record.content))
    return "\n".join(text for text in texts if text)


def _find_fitting(
    world: World, asked: MessageFilter, keep: Callable[[MessageRecord], bool]
) -> Sliced[list[MessageRecord]]:
    """Return the searched messages, newest first; messages without text are not searched."""
    scope = None if asked.agent_id is None else ("agent_id", asked.agent_id)
    since, until = aware(asked.start_date), aware(asked.end_date)
    only = None if asked.conversation_id == DEFAULT_ID else asked.conversation_id

    def fits(record: MessageRecord) -> bool:
        return (
            (asked.conversation_id is None or record.conversation_id == only)
            and (since is None or record.created_at >= since)
            and (until is None or record.created_at <= until)
            and keep(record)
            and bool(searched_text(record))
        )

    newest_first = Page(MOST, "desc")
    return (yield from find_page(world.store.messages.view(scope), newest_first, fits))


def _stored(world: World, record: MessageRecord) -> StoredMessage:
    agent = world.store.agents.get(record.agent_id)
    return stored_message(record, agent.llm_config.model)


def _parts(record: MessageRecord) -> Iterator[MessageMatch]:
    for message in expand(record):
        shape = _MATCHES.get(type(message))
        if shape is not None:
            yield shape.model_validate({**_said(message), **_whose(record)})


def _said(message: Message) -> dict[str, object]:
    name = "reasoning" if isinstance(message, ReasoningMessage) else "content"
    return {name: getattr(message, name)}


def _whose(record: MessageRecord) -> dict[str, object]:
    return {
        "message_id": record.id,
        "agent_id": record.agent_id,
        "conversation_id": record.conversation_id,
        "created_at": record.created_at,
    }


routes = Routes("/v1")
Found = Annotated[list[MessageMatch], DeclaredResponse(list[AnyMessageMatch])]


class GlobalMessagesQuery(ConversationMessagesQuery):
    """The SDK has neither `group_id` nor another order than by creation here [80]."""

    group_id: Annotated[str | None, Option()] = None
    order_by: Annotated[str, Option()] = "created_at"  # type: ignore[assignment]

    @property
    def sort(self) -> str:
        return ARRIVAL


@routes.get("/messages/", "messages.list")
def list_messages(context: RequestContext, query: GlobalMessagesQuery) -> Sliced[Listed]:
    world = context.world
    refuse_unknown_cursors(world, query, None)
    quirks = (OLDEST_FIRST,) if query.order == "desc" else ()
    records = yield from find_page_of(context, world.store.messages, query, quirks)
    return query.shown(records)


@routes.post("/messages/search", "messages.search")
def search(context: RequestContext, body: MessageSearch) -> Sliced[Found]:
    refuse_search(context, REFUSAL)
    return find_messages(context.world, body)


@routes.post("/agents/messages/search", "agents.messages.search")
def search_stored(
    context: RequestContext, body: StoredMessageSearch
) -> Sliced[list[StoredMessageMatch]]:
    refuse_search(context, REFUSAL)
    return find_stored_messages(context.world, body)


@routes.get("/messages/{message_id}", "messages.retrieve")
def retrieve(world: World, message_id: MessageId) -> Parts:
    """Return every part of a stored message, the last one first [80 retrieve tool_call_message]."""
    record = world.store.messages.find(message_id)
    if record is None:
        raise NotFound(f"Message with id {message_id} not found.")
    return expand_as_thoughts(record)[::-1]
