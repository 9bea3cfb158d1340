"""Lists of messages. They page over stored messages, each of which can be several messages [17]."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from mockletta.api.lists import ListQuery, Meets, Option
from mockletta.errors import NotFound
from mockletta.http.rendering import ITEMS_AT_ONCE, LongList, Rendered, join
from mockletta.http.response_declarations import DeclaredResponse
from mockletta.state.message_records import MessageRecord
from mockletta.turns.context.system_prompt import DEFAULT_ID
from mockletta.turns.message_expansion import SEND_MESSAGE, Speech, listed
from mockletta.wire.fields import Limit
from mockletta.wire.messages import AnyMessage, Message, MessageType
from mockletta.world.world import World

Listed = Annotated[Rendered | LongList, DeclaredResponse(list[AnyMessage])]
Parts = Annotated[list[Message], DeclaredResponse(list[AnyMessage])]
"""The answer of a list of messages: JSON text, or objects."""


class MessagesQuery(ListQuery):
    """Newest first, a hundred stored messages. Types are filtered after counting."""

    limit: Limit | None = 100
    group_id: str | None = None
    include_err: Annotated[bool | None, Option()] = None
    include_return_message_types: Annotated[list[MessageType] | None, Option()] = None

    def shown(self, records: Sequence[MessageRecord]) -> Rendered | LongList:
        return expanded(records, self.include_return_message_types)


def _is_in(record: MessageRecord, conversation_id: str) -> bool:
    return record.conversation_id == (None if conversation_id == DEFAULT_ID else conversation_id)


class ConversationMessagesQuery(MessagesQuery):
    """`conversation_id` narrows a list to one conversation, `default` to an agent's own."""

    conversation_id: Annotated[str | None, Meets(_is_in, with_empty=True)] = None


def refuse_unknown_cursors(world: World, query: ListQuery, agent_id: str | None) -> None:
    """Refuse an unknown cursor. The error of a list of all agents names agent `None`."""
    for cursor in (query.after, query.before):
        if cursor and cursor not in world.store.messages:
            raise NotFound(f"No message found with id '{cursor}' for agent '{agent_id}'.")


def expanded(
    records: Sequence[MessageRecord],
    kinds: Iterable[str] | None = None,
    speech: Speech | None = SEND_MESSAGE,
) -> Rendered | LongList:
    """Return the messages of records in lists, of all or of some types. Parts keep their order."""
    wanted = None if kinds is None else set(kinds)
    if len(records) > ITEMS_AT_ONCE:
        return LongList(map(Rendered, _texts(records, wanted, speech)), lambda render: render())
    if wanted is None and speech == SEND_MESSAGE:
        return join([text for record in records for _, text in record.rendered or listed(record)])
    return join(list(_texts(records, wanted, speech)))


def _texts(
    records: Iterable[MessageRecord], wanted: set[str] | None, speech: Speech | None
) -> Iterator[bytes]:
    for record in records:
        for kind, text in listed(record, speech):
            if wanted is None or kind in wanted:
                yield text
