"""Lists: the filters, the order and the page of a request."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, ClassVar, Literal, NamedTuple, TypeVar

from mockletta.errors import NotFound
from mockletta.http.rendering import ITEMS_AT_ONCE, LongList
from mockletta.search.like_patterns import is_like
from mockletta.search.slices import Sliced, finish
from mockletta.state.indexes import Scope
from mockletta.state.paging import ListView, Order, Ordered, Page, find_page
from mockletta.state.table import ARRIVAL, Table
from mockletta.wire.base import Body
from mockletta.wire.fields import Limit
from mockletta.world.quirks import BEFORE_TAKES_FIRST, Quirk
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

Row = TypeVar("Row", bound=Any)
Keep = Callable[[Any], bool]


class Equals(NamedTuple):
    """The row's field has the value."""

    field: str

    def holds(self, row: object, value: object) -> bool:
        return bool(getattr(row, self.field) == value)


class IsExactly(Equals):
    """The row's field has the value, even if that is an empty text."""


class Contains(NamedTuple):
    """The row's field contains the text, in any case. `%` and `_` are wildcards [02, 51].

    A field without a value contains nothing, not even what `%` stands for.
    """

    field: str

    def holds(self, row: object, value: str) -> bool:
        text = getattr(row, self.field)
        return text is not None and is_like(text.lower(), value.lower())


class Among(NamedTuple):
    """The row's field is one of the values."""

    field: str

    def holds(self, row: object, values: Sequence[object]) -> bool:
        return getattr(row, self.field) in values


class Meets(NamedTuple):
    """The row and the value meet a condition. An empty text is no condition unless `with_empty`."""

    condition: Callable[[Any, Any], bool]
    with_empty: bool = False

    def holds(self, row: object, value: object) -> bool:
        return self.condition(row, value)


class Option:
    """The field changes the meaning of another condition. A method of the query reads it."""


Condition = Equals | Contains | Among | Meets


class Conditions(Body):
    """The conditions of a list or a count. All given conditions must hold. An empty
    text is no condition, except for `IsExactly`.

    A field is compared with the row's field of the same name. Its annotation can change that:
    `Contains`, `Among`, `Meets`, `Option`, or `Equals` for a field of another name.
    """

    def keeps(self, world: World) -> Keep | None:  # noqa: ARG002 - subclasses look into the world
        """Return a function that returns whether a row is listed; None if every row is."""
        given = [(one, getattr(self, name)) for name, one in _conditions(type(self))]
        asked = [
            (one, value)
            for one, value in given
            if value not in (None, "", []) or (value == "" and _takes_empty(one))
        ]
        if not asked:
            return None
        return lambda row: all(one.holds(row, value) for one, value in asked)


def _takes_empty(condition: Condition) -> bool:
    """Return whether a condition takes an empty text as a value."""
    if isinstance(condition, Meets):
        return condition.with_empty
    return isinstance(condition, IsExactly)


class ListQuery(Conditions):
    """The parameters of a list. By default the newest fifty rows, newest first."""

    unknown_cursor: ClassVar[str | None] = None
    """The name of a row in the 404 of an unknown cursor; None if such a cursor is ignored."""
    unknown_cursor_lists_nothing: ClassVar[bool] = False
    """Whether nothing is listed after or before an unknown row."""
    zero_is_all: ClassVar[bool] = False
    """Whether a limit of zero means no limit, as in some lists [51, 54]."""

    before: str | None = None
    after: str | None = None
    limit: Limit | None = 50
    order: Order = "desc"
    order_by: Literal["created_at"] = "created_at"

    def page(self) -> Page:
        limit = None if self.zero_is_all and self.limit == 0 else self.limit
        return Page(limit, self.order, self.after or None, self.before or None)

    @property
    def scope(self) -> Scope | None:
        """The scope of the table that is listed."""
        return None

    @property
    def quirks_of_before(self) -> tuple[Quirk, ...]:
        """The quirks that a page before a cursor depends on."""
        return (BEFORE_TAKES_FIRST,)

    @property
    def indexed(self) -> tuple[str, str] | None:
        """A column that the table has an index of, and the value of all listed rows there."""
        return None

    @property
    def searched(self) -> list[tuple[str, str]]:
        """The fields that are searched for a text, each with the text."""
        marks = [(one, getattr(self, name)) for name, one in _conditions(type(self))]
        return [(one.field, text) for one, text in marks if isinstance(one, Contains) and text]

    @property
    def sort(self) -> str:
        """The sort key of the list."""
        by: str = self.order_by
        return ARRIVAL if by == "created_at" else f"{by}.{self.order}"


def page_of(
    context: RequestContext,
    rows: Table[Row] | Sequence[Row] | Ordered[Row],
    query: ListQuery,
    affected_by: tuple[Quirk, ...] = (),
    cursors: Table[Row] | None = None,
) -> list[Row]:
    """Return the page that a query asks for. `find_page_of` does it in slices."""
    return finish(find_page_of(context, rows, query, affected_by, cursors))


def find_page_of(
    context: RequestContext,
    rows: Table[Row] | Sequence[Row] | Ordered[Row],
    query: ListQuery,
    affected_by: tuple[Quirk, ...] = (),
    cursors: Table[Row] | None = None,
) -> Sliced[list[Row]]:
    """Find the page that a query asks for. Records in the journal which quirks it depends on.

    `cursors` are the rows that a cursor may name if the list is but a part of them.
    """
    view, page, keep = _view(rows, query), query.page(), query.keeps(context.world)
    if page.before is not None:
        affected_by = (*affected_by, *query.quirks_of_before)
    if query.unknown_cursor is not None:
        _refuse_unknown_cursors(rows if cursors is None else cursors, page, query.unknown_cursor)
    if query.unknown_cursor_lists_nothing and any(
        one is not None and view.key(one) is None for one in (page.after, page.before)
    ):
        return []
    if not affected_by:
        return (yield from find_page(view, page, keep))
    quirks = context.world.quirks
    found = yield from find_page(view, quirks.page(page, *affected_by), keep)
    for quirk in affected_by:
        others = [item for item in affected_by if item in quirks and item is not quirk]
        other = quirks.as_if(page, quirk, others)
        _compare(found, (yield from find_page(view, other, keep)), quirk, context)
    return found


def shown_rows(
    context: RequestContext, page: Sequence[Row], show: Callable[[Row], Any]
) -> list[Any] | LongList:
    """Return the rows of a page as clients see them. Very many are converted while they are
    rendered."""
    if len(page) <= ITEMS_AT_ONCE:
        return list(map(show, page))
    return LongList(map(show, page), context.run)


def _refuse_unknown_cursors(rows: object, page: Page, noun: str) -> None:
    if isinstance(rows, Table):
        for cursor in (page.after, page.before):
            if cursor is not None and cursor not in rows:
                raise NotFound(f"No {noun} found with id {cursor}")


def has_tags(tags: Sequence[str], wanted: Sequence[str] | None, *, all_of_them: bool) -> bool:
    """Return whether a row has any of the tags, or all of them."""
    if not wanted:
        return True
    found = [tag in tags for tag in wanted]
    return all(found) if all_of_them else any(found)


def _view(rows: Table[Row] | Sequence[Row] | Ordered[Row], query: ListQuery) -> Ordered[Row]:
    if isinstance(rows, Table):
        if query.indexed is not None:
            return rows.filtered(*query.indexed, query.sort)
        for field, text in query.searched:
            if rows.has_index(field):
                return rows.containing(field, text, query.sort)
        return rows.view(query.scope, query.sort)
    return ListView(rows) if isinstance(rows, Sequence) else rows


def _compare(rows: list[Row], other: list[Row], quirk: Quirk, context: RequestContext) -> None:
    mine, theirs = [_id(row) for row in rows], [_id(row) for row in other]
    if mine != theirs:
        shown = f"{len(theirs)} items" + (f", the first {theirs[0]}" if theirs else "")
        context.depends_on(quirk, shown)


def _id(row: object) -> str:
    return str(getattr(row, "id", row))


@cache
def _conditions(query: type[Conditions]) -> tuple[tuple[str, Condition], ...]:
    """Return the conditions of a query's fields."""
    found: list[tuple[str, Condition]] = []
    for name, field in query.model_fields.items():
        marks = [one for one in field.metadata if isinstance(one, Condition | Option)]
        condition = marks[0] if marks else Equals(name)
        if name not in ListQuery.model_fields and not isinstance(condition, Option):
            found.append((name, condition))
    return tuple(found)
