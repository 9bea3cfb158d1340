"""What the queries of lists have in common."""

from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from mockletta.state.paging import Order, Ordered, Page, paginate
from mockletta.wire.base import Body
from mockletta.world.quirks import BEFORE_TAKES_FIRST, Quirk
from mockletta.world.request_context import RequestContext

Row = TypeVar("Row")
MAX_LIMIT = 2**63 - 1
Limit = Annotated[int, Field(ge=0, le=MAX_LIMIT)]


class ListQuery(Body):
    """The parameters of a list; its defaults differ from list to list."""

    before: str | None = None
    after: str | None = None
    limit: Limit | None = 50
    order: Order = "desc"
    order_by: Literal["created_at"] = "created_at"

    def page(self, *, zero_is_all: bool = False) -> Page:
        """The page asked for; in some lists a limit of zero is none [51, 54]."""
        limit = None if zero_is_all and self.limit == 0 else self.limit
        return Page(limit, self.order, self.after or None, self.before or None)


def page_of(
    view: Ordered[Row],
    page: Page,
    *,
    context: RequestContext,
    affected_by: tuple[Quirk, ...] = (),
    keep: Callable[[Row], bool] | None = None,
) -> list[Row]:
    """Return a page of a list, and record which quirks decide what is on it."""
    if page.before is not None:
        affected_by = (*affected_by, BEFORE_TAKES_FIRST)
    if not affected_by:
        return paginate(view, page, keep)
    quirks = context.world.quirks
    rows = paginate(view, quirks.page(page, *affected_by), keep)
    for quirk in affected_by:
        others = [item for item in affected_by if item in quirks and item is not quirk]
        other = quirks.as_if(page, quirk, others)
        _compare(rows, paginate(view, other, keep), quirk, context)
    return rows


def _compare(rows: list[Row], other: list[Row], quirk: Quirk, context: RequestContext) -> None:
    mine, theirs = [_id(row) for row in rows], [_id(row) for row in other]
    if mine != theirs:
        shown = f"{len(theirs)} items" + (f", the first {theirs[0]}" if theirs else "")
        context.depends_on(quirk, shown)


def _id(row: object) -> str:
    return str(getattr(row, "id", row))


def has_tags(tags: list[str], wanted: list[str] | None, *, all_of_them: bool) -> bool:
    """Whether tags are among the wanted ones: any of them, or all."""
    if not wanted:
        return True
    found = [tag in tags for tag in wanted]
    return all(found) if all_of_them else any(found)
