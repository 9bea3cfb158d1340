"""Pages of lists. All lists resolve their cursors here.

`after` and `before` refer to the requested order, as the SDK documents: the page `before` a cursor
ends right before it. The recorded server differs in places; quirks select its ways in `Page`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

from mockletta.search.slices import Sliced, finish, select


class HasId(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row")
Listed = TypeVar("Listed", bound=HasId)
Row_co = TypeVar("Row_co", covariant=True)
Order = Literal["asc", "desc"]


class Page(NamedTuple):
    """The requested page; a `limit` of None means everything."""

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

    def frozen(self) -> "Ordered[Row_co]":
        """Return the rows as they are now, whatever changes later."""
        ...


def paginate(
    view: Ordered[Row], page: Page, keep: Callable[[Row], bool] | None = None
) -> list[Row]:
    """Return the rows of a page. Rows are filtered before they are counted; unknown cursors are
    ignored.
    """
    return finish(find_page(view, page, keep))


def find_page(
    view: Ordered[Row], page: Page, keep: Callable[[Row], bool] | None = None
) -> Sliced[list[Row]]:
    """Find the rows of a page in slices, as `paginate` does at once."""
    descending = page.order == "desc"
    above, below = _bounds(view, page, descending=descending)
    backwards = page.before is not None and page.after is None
    if page.before_takes_first or page.cursors != "requested":
        backwards = False
    reverse = descending != backwards
    rows = view.scan(above, below, reverse=reverse)
    if keep is None:
        found = list(islice(rows, page.limit))
    else:
        found = yield from select(
            rows, lambda: view.frozen().scan(above, below, reverse=reverse), keep, page.limit
        )
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


class ListView(Generic[Listed]):
    """Rows in the order of a sequence."""

    def __init__(self, rows: Sequence[Listed]) -> None:
        self._rows = rows

    def key(self, row_id: str) -> int | None:
        return next((place for place, row in enumerate(self._rows) if row.id == row_id), None)

    def scan(self, above: int | None, below: int | None, *, reverse: bool) -> Iterator[Listed]:
        first = 0 if above is None else above + 1
        end = len(self._rows) if below is None else below
        rows = self._rows[first:end]
        return iter(reversed(rows)) if reverse else iter(rows)

    def frozen(self) -> "ListView[Listed]":
        return self


class SortedNames:
    """Names in alphabetical order. A cursor is any name, even one that is not listed."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)

    def key(self, name: str) -> str:
        return name

    def scan(self, above: str | None, below: str | None, *, reverse: bool) -> Iterator[str]:
        first = 0 if above is None else bisect_right(self._names, above)
        end = len(self._names) if below is None else bisect_left(self._names, below)
        names = self._names[first:end]
        return iter(reversed(names)) if reverse else iter(names)

    def frozen(self) -> "SortedNames":
        return self
