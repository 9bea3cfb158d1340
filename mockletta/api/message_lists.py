"""Lists of messages: they page over stored ones, each of which can be several [17]."""

from collections.abc import Iterable

from mockletta.api.lists import Limit, ListQuery
from mockletta.http.rendering import Rendered, join
from mockletta.state.records import MessageRecord
from mockletta.turns.expansion import listed
from mockletta.wire.messages import MessageType


class MessagesQuery(ListQuery):
    """Newest first by default, a hundred stored messages; types are chosen after counting."""

    limit: Limit | None = 100
    group_id: str | None = None
    include_err: bool | None = None
    include_return_message_types: list[MessageType] | None = None

    def accepts(self, record: MessageRecord) -> bool:
        return self.group_id is None or record.group_id == self.group_id

    def shown(self, records: Iterable[MessageRecord]) -> Rendered:
        return expanded(records, self.include_return_message_types)


def expanded(records: Iterable[MessageRecord], kinds: Iterable[str] | None = None) -> Rendered:
    """What records are listed as, all or of some types; parts keep their order."""
    parts = (part for record in records for part in listed(record))
    if kinds is None:
        return join([text for _, text in parts])
    wanted = set(kinds)
    return join([text for kind, text in parts if kind in wanted])
