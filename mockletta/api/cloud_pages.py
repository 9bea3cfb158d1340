"""Pages of Letta Cloud's own lists: by creation, with a word on whether more follow."""

from typing import TypeVar

from mockletta.errors import CloudBadRequest
from mockletta.state.paging import Ordered, Page, paginate
from mockletta.wire.base import Body

DEFAULT_LIMIT, MOST = 50, 1_000
Row = TypeVar("Row")


class CloudPageQuery(Body):
    """The size of a page is a text there."""

    limit: str | None = None
    after: str | None = None

    def size(self) -> int:
        """How many rows are asked for; CloudBadRequest for what is no such number."""
        if not self.limit:
            return DEFAULT_LIMIT
        if not (self.limit.isascii() and self.limit.isdigit() and len(self.limit) <= 9):
            raise CloudBadRequest(f"limit must be a number from 1 to {MOST}: {self.limit[:20]!r}")
        return max(1, min(int(self.limit), MOST))


def cloud_page(view: Ordered[Row], query: CloudPageQuery) -> tuple[list[Row], bool]:
    """A page's rows, and whether there are more after them."""
    size = query.size()
    rows = paginate(view, Page(size + 1, "asc", query.after or None))
    return rows[:size], len(rows) > size
