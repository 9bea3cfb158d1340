"""Lists of messages: they page over stored ones, each of which can be several [17]."""

from collections.abc import Callable, Iterable
from typing import Annotated

from mockletta.api.lists import Limit, ListQuery
from mockletta.http.rendering import Rendered, join
from mockletta.http.response_declarations import Says
from mockletta.state.message_records import MessageRecord
from mockletta.turns.message_expansion import listed
from mockletta.turns.system_prompt import DEFAULT_ID
from mockletta.wire.messages import AnyMessage, Message, MessageType

Listed = Annotated[Rendered, Says(list[AnyMessage])]
Parts = Annotated[list[Message], Says(list[AnyMessage])]
"""What lists of messages answer: as text already, or as objects."""
Keep = Callable[[MessageRecord], bool]


class MessagesQuery(ListQuery):
    """Newest first by default, a hundred stored messages; types are chosen after counting."""

    limit: Limit | None = 100
    group_id: str | None = None
    include_err: bool | None = None
    include_return_message_types: list[MessageType] | None = None

    @property
    def keep(self) -> Keep | None:
        """What a message must be to be counted, if anything."""
        wanted = self.group_id
        return None if wanted is None else lambda record: record.group_id == wanted

    def shown(self, records: Iterable[MessageRecord]) -> Rendered:
        return expanded(records, self.include_return_message_types)


class ConversationMessagesQuery(MessagesQuery):
    """`conversation_id` narrows a list to one conversation or, `default`, to none."""

    conversation_id: str | None = None

    @property
    def keep(self) -> Keep | None:
        chosen, keep = self.conversation_id, super().keep
        if chosen is None:
            return keep
        only = None if chosen == DEFAULT_ID else chosen
        return lambda record: record.conversation_id == only and (keep is None or keep(record))


def expanded(records: Iterable[MessageRecord], kinds: Iterable[str] | None = None) -> Rendered:
    """What records are listed as, all or of some types; parts keep their order."""
    if kinds is None:
        return join([text for record in records for _, text in record.rendered or listed(record)])
    wanted = set(kinds)
    return join([text for record in records for kind, text in listed(record) if kind in wanted])
