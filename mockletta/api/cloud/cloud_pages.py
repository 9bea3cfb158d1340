"""Pages of Letta Cloud's lists: by creation, with `hasNextPage`."""

from collections.abc import Callable
from typing import TypeVar

from mockletta.errors import CloudBadRequest, NotFound
from mockletta.state.paging import Ordered, Page, paginate
from mockletta.wire.base import Body
from mockletta.world.quirks import NO_CLOUD
from mockletta.world.request_context import RequestContext


def cloud_only(context: RequestContext) -> None:
    """Raise NotFound if only Letta Cloud has the operation and an open server is imitated [67]."""
    on = NO_CLOUD in context.world.quirks
    context.depends_on(NO_CLOUD, "as Letta Cloud does" if on else "a 404")
    if on:
        raise NotFound("Not Found")


DEFAULT_LIMIT, MOST = 50, 1_000
Row = TypeVar("Row")


class CloudPageQuery(Body):
    """The page of a list. Its size is sent as a text."""

    limit: str | None = None
    after: str | None = None

    def size(self) -> int:
        """Return the requested number of rows. Raises CloudBadRequest if it is invalid."""
        return max(1, min(number(self.limit, DEFAULT_LIMIT), MOST))


def number(text: str | None, usual: int) -> int:
    """Parse a number that was sent as a text."""
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise CloudBadRequest(f"limit and offset must be numbers: {text[:20]!r}")
    return int(text)


def cloud_page(
    view: Ordered[Row], query: CloudPageQuery, keep: Callable[[Row], bool] | None = None
) -> tuple[list[Row], bool]:
    """Return the rows of a page, and whether more rows follow."""
    size = query.size()
    rows = paginate(view, Page(size + 1, "asc", query.after or None), keep)
    return rows[:size], len(rows) > size
