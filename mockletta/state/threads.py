"""The messages of one conversation, in order, and which of them are in context.

A thread belongs to a conversation or, under the agent's own id, to an agent's direct messages.
Messages can be shared: a fork lists the same ones.
"""

from collections.abc import Iterable, Iterator

from mockletta.state.records import MessageRecord
from mockletta.state.table import Table


class Thread:
    """Message ids in listing order, each with its position, and the ids in context.

    `tokens` is the size of the context, kept up to date rather than counted; `turns` is how many
    turns left something here.
    """

    def __init__(self, messages: Table[MessageRecord]) -> None:
        self._messages = messages
        self._order: list[str] = []
        self._positions: dict[str, int] = {}
        self.context: list[str] = []
        self.tokens = 0
        self.turns = 0

    def append(self, record: MessageRecord) -> None:
        """List a message that the table knows, and put it in context."""
        self.list_only(record)
        self.context.append(record.id)
        self.tokens += record.tokens

    def list_only(self, record: MessageRecord) -> None:
        self._positions[record.id] = len(self._order)
        self._order.append(record.id)

    def set_context(self, records: Iterable[MessageRecord]) -> None:
        self.context = []
        self.tokens = 0
        for record in records:
            self.context.append(record.id)
            self.tokens += record.tokens

    def resize(self, by: int) -> None:
        """Tell that a message in context has grown by some tokens."""
        self.tokens += by

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._positions

    def in_context(self) -> list[MessageRecord]:
        return [self._messages.get(message_id) for message_id in self.context]

    def key(self, row_id: str) -> int | None:
        return self._positions.get(row_id)

    def scan(
        self, above: int | None, below: int | None, *, reverse: bool
    ) -> Iterator[MessageRecord]:
        first = 0 if above is None else above + 1
        end = len(self._order) if below is None else below
        places = range(first, end)
        ids = map(self._order.__getitem__, reversed(places) if reverse else places)
        return map(self._messages.row, ids)
