"""Pages of lists: cursors are resolved here, for every list.

`after` and `before` refer to the requested order, as the SDK documents: the page `before` a cursor
ends right before it. The recorded server differs in places; `Page` has these ways too, for quirks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, Protocol, TypeVar

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)
Order = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True)
class Page:
    """The page that is requested; a `limit` of None means everything."""

    limit: int | None = None
    order: Order = "asc"
    after: str | None = None
    before: str | None = None
    cursors: Literal["requested", "chronological", "inverted"] = "requested"
    before_takes_first: bool = False
    oldest_first: bool = False


class Ordered(Protocol[Row_co]):
    """Rows in an ascending order of unique keys."""

    def key(self, row_id: str) -> Any:  # noqa: ANN401
        """Return the key of a row, None if the order does not have it."""
        ...

    def scan(self, above: Any, below: Any, *, reverse: bool) -> Iterator[Row_co]:  # noqa: ANN401
        """Return the rows between two keys, both exclusive; None means no bound."""
        ...


def paginate(
    view: Ordered[Row], page: Page, keep: Callable[[Row], bool] | None = None
) -> list[Row]:
    """Return the rows of a page. Rows are filtered before they are counted; unknown cursors are
    ignored.
    """
    descending = page.order == "desc"
    above, below = _bounds(view, page, descending=descending)
    backwards = page.before is not None and page.after is None
    if page.before_takes_first or page.cursors != "requested":
        backwards = False
    rows = view.scan(above, below, reverse=descending != backwards)
    found = list(islice(filter(keep, rows) if keep else rows, page.limit))
    if backwards or (page.oldest_first and descending):
        found.reverse()
    return found


def _bounds(view: Ordered[Row], page: Page, *, descending: bool) -> tuple[Any, Any]:
    after = view.key(page.after) if page.after else None
    before = view.key(page.before) if page.before else None
    if page.cursors == "chronological":
        return after, before
    if page.cursors == "inverted":
        after, before = before, after
    return (before, after) if descending else (after, before)
