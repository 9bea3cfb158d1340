"""The messages of one conversation in order, and which of them are in context.

A thread belongs to a conversation or, under an agent's id, to the agent's direct messages. Several
threads can list the same message: a fork does.
"""

from collections.abc import Iterable, Iterator

from immutables import Map

from mockletta.state.indexes import SIZE, Chunks
from mockletta.state.message_records import MessageRecord, is_one_for_models
from mockletta.state.paging import ListView
from mockletta.state.table import MOST_UNLISTED, Table

MOST_PAGES = 64
LARGEST_PAGE = 256 * 1024
"""The most bytes of a page that is cached."""

_NO_POSITIONS: Map[str, int] = Map()


class Thread:
    """Message ids in listing order, each with its position, and the messages in context.

    Messages can be replaced or removed in the table, also by way of another thread: `refresh` reads
    those in context again. `tokens` is the size of the context. `turns` counts the turns that left
    a message here, `rewrites` how often the context was replaced. `uneven` counts the messages in
    context that a model does not receive as one message. `owner` is the store that may change it;
    other stores share it.
    """

    __slots__ = (
        "_changes",
        "_messages",
        "_order",
        "_positions",
        "_unplaced",
        "context",
        "owner",
        "rewrites",
        "tokens",
        "turns",
        "uneven",
    )

    def __init__(self, messages: Table[MessageRecord], owner: object = None) -> None:
        self._messages = messages
        self._changes = messages.changes
        self._order: Chunks[str] = Chunks()
        self._positions = _NO_POSITIONS
        self._unplaced = 0
        self.context: list[MessageRecord] = []
        self.owner = owner
        self.tokens = 0
        self.turns = 0
        self.uneven = 0
        self.rewrites = 0

    def owned_by(self, owner: object, messages: Table[MessageRecord]) -> "Thread":
        """Return a copy that `owner` may change. The original must not change after that, but can
        be copied again.

        Only the last chunk and the context are copied.
        """
        other = Thread(messages, owner)
        other._order = Chunks(self._order)
        self._place_new_ones()
        other._positions = self._positions
        other.context, other._changes = self.context.copy(), self._changes
        other.tokens, other.turns = self.tokens, self.turns
        other.rewrites, other.uneven = self.rewrites, self.uneven
        return other

    def append(self, record: MessageRecord) -> None:
        """List a message of the table, and add it to the context."""
        self.list_only(record)
        self._remember(record)

    def list_only(self, record: MessageRecord) -> None:
        self._order.append(record.id)
        self._unplaced += 1
        if self._unplaced > MOST_UNLISTED:
            self._place_new_ones()

    def _place_new_ones(self) -> None:
        """Add the messages since the last call to the positions."""
        if not self._unplaced:
            return
        placed = len(self._order) - self._unplaced
        self._unplaced = 0
        new = {name: place for place, name in enumerate(self.listed_from(placed), placed)}
        self._positions = self._positions.update(new)

    def set_context(self, records: Iterable[MessageRecord]) -> None:
        self.context = []
        self.tokens = self.uneven = 0
        self.rewrites += 1
        for record in records:
            self._remember(record)

    def take_context(self, kept: int, records: Iterable[MessageRecord]) -> None:
        """Restore an earlier context: keep its first messages, then add these."""
        tokens = self.tokens
        if kept < len(self.context):
            self.context, records = [], [*self.context[:kept], *records]
            self.uneven = 0
        for record in records:
            self._remember(record)
        self.tokens = tokens

    def _remember(self, record: MessageRecord) -> None:
        self.context.append(record)
        self.tokens += record.tokens
        self.uneven += not is_one_for_models(record)

    def refresh(self) -> None:
        """Read the messages in context again if any message of the table was replaced or removed.
        Removed ones leave the context."""
        if self._changes == self._messages.changes:
            return
        self._changes = self._messages.changes
        old, new = self.context, self._messages.existing(self.context_ids)
        self.context = new
        self.tokens += sum([record.tokens for record in new]) - sum([one.tokens for one in old])
        self.uneven = len(new) - sum(map(is_one_for_models, new))
        self.rewrites += len(new) < len(old)

    def replace_system(self, old: MessageRecord, new: MessageRecord) -> None:
        """Replace the system message in the table and in context, without reading the others
        again."""
        self._messages.replace(new)
        self._changes += 1
        for place, record in enumerate(self.context):
            if record is old:
                self.context[place] = new
                self.tokens += new.tokens - old.tokens

    @property
    def system(self) -> MessageRecord | None:
        """The system message; None if the context was replaced by one without it."""
        first = self.context[0] if self.context else None
        return first if first is not None and first.role == "system" else None

    @property
    def pending_request(self) -> MessageRecord | None:
        """The pending request for approval: the newest message in context, if it is one."""
        newest = self.context[-1] if self.context else None
        return newest if newest is not None and newest.waiting is not None else None

    @property
    def context_ids(self) -> list[str]:
        """The ids of the messages in context."""
        return [record.id for record in self.context]

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def listed_from(self, position: int) -> list[str]:
        """Return the ids from a position on."""
        return list(self._order.cut(divmod(position, SIZE), None, reverse=False))

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, message_id: str) -> bool:
        self._place_new_ones()
        return message_id in self._positions

    def key(self, row_id: str) -> int | None:
        self._place_new_ones()
        return self._positions.get(row_id)

    def scan(
        self, above: int | None, below: int | None, *, reverse: bool
    ) -> Iterator[MessageRecord]:
        first = None if above is None else divmod(above + 1, SIZE)
        end = None if below is None else divmod(below, SIZE)
        return map(self._messages.row, self._order.cut(first, end, reverse=reverse))

    def frozen(self) -> ListView[MessageRecord]:
        return ListView(list(self.scan(None, None, reverse=False)))


class KeptPages:
    """The newest pages of threads as bytes. A page is kept until a message of its thread is added,
    or any message is replaced or removed."""

    def __init__(self, messages: Table[MessageRecord]) -> None:
        self._messages = messages
        self._pages: dict[tuple[str, bytes], tuple[Thread, int, int, bytes]] = {}

    def find(self, thread_id: str, thread: Thread, query: bytes) -> bytes | None:
        """Return the page of a thread that answered a query before, if it is still valid."""
        kept = self._pages.get((thread_id, query))
        if kept is None or kept[:3] != (thread, len(thread), self._messages.changes):
            return None
        return kept[3]

    def keep(self, thread_id: str, thread: Thread, query: bytes, page: bytes) -> None:
        """Cache a page, unless it is large. The oldest page is dropped if there are too many."""
        if len(page) > LARGEST_PAGE:
            return
        if len(self._pages) >= MOST_PAGES:
            del self._pages[next(iter(self._pages))]
        self._pages[thread_id, query] = (thread, len(thread), self._messages.changes, page)

    def drop(self, thread_id: str) -> None:
        """Drop the pages of a thread."""
        for key in [key for key in self._pages if key[0] == thread_id]:
            del self._pages[key]
