"""A resource is declared: what its rows are, and which ordinary operations it has.

    archives = Resource("archives", "/v1/archives", Archive, archive_id=ArchiveId)

    @archives.creates
    def create_archive(world: World, body: CreateArchive) -> Archive: ...

    archives.lists(ArchivesQuery)
    archives.retrieves()

Each declaration registers an operation under the SDK's name, here `archives.create`,
`archives.list` and `archives.retrieve`. What is special stands beside it, as a handler of
`archives.routes`.

The fields that a request can set are those that its model and the row's have in common: a field
that is added to both is stored, changed and shown without another line.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from types import MappingProxyType
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import BaseModel

from mockletta.api.lists import Conditions, ListQuery, find_page_of, shown_rows
from mockletta.errors import ORGANIZATION_ID, USER_ID, ApiError
from mockletta.http.rendering import NO_CONTENT
from mockletta.http.response_declarations import NoContent
from mockletta.http.routing import Handler, Routes
from mockletta.search.slices import Sliced
from mockletta.state.paging import Page, find_page
from mockletta.state.table import Table
from mockletta.wire.base import Wire
from mockletta.world.request_context import RequestContext
from mockletta.world.world import World

OWNERS = MappingProxyType(
    {
        "created_by_id": USER_ID,
        "last_updated_by_id": USER_ID,
        "organization_id": ORGANIZATION_ID,
    }
)
TIMES = frozenset({"created_at", "updated_at"})
Row = TypeVar("Row", bound=Any)
Shape = TypeVar("Shape", bound=Wire)
Function = TypeVar("Function", bound=Callable[..., Any])
Error = Callable[[str], ApiError]
Attach = Callable[[World, str, str], None]


def given(request: BaseModel, shape: type[BaseModel], *special: str) -> dict[str, Any]:
    """Return the fields of a row that a request sets. Null changes nothing [03, 52, 54].

    The caller provides the id and the `special` fields.
    """
    values = vars(request)
    names = _settable(type(request), shape, special)
    return {name: value for name in names if (value := values[name]) is not None}


@cache
def _settable(
    request: type[BaseModel], shape: type[BaseModel], special: tuple[str, ...]
) -> frozenset[str]:
    return frozenset(request.model_fields.keys() & shape.model_fields.keys() - {"id", *special})


def new_id(world: World, request: BaseModel, prefix: str) -> str:
    """Return the id of a new row: a new one, or the one in a seed file."""
    return given_id(request) or world.ids.new(prefix)


def given_id(request: BaseModel) -> str | None:
    """Return the id of a new row in a seed file; requests of the API have none."""
    found: str | None = vars(request).get("id")
    return found


def stamped(world: World, shape: type[Shape], **values: object) -> Shape:
    """Return a new row with its times, its user and its organization, as far as it shows them."""
    owners, times = _stamps_of(shape)
    now = world.clock.now()
    for name in times:
        values.setdefault(name, now)
    return shape.trusted(**owners, **values)


@cache
def _stamps_of(shape: type[BaseModel]) -> tuple[Mapping[str, str], frozenset[str]]:
    names = shape.model_fields.keys()
    return {name: OWNERS[name] for name in OWNERS.keys() & names}, TIMES & names


def nothing(_: str) -> None:
    """Answer a deletion with null."""


def no_content(_: str) -> NoContent:
    """Answer a deletion with a 204."""
    return NO_CONTENT


def message(noun: str) -> Callable[[str], object]:
    """Answer a deletion with a message that names the row."""

    def answer(row_id: str) -> dict[str, str]:
        return {"message": f"{noun} id={row_id} successfully deleted"}

    return answer


class Resource(Generic[Row]):
    """Rows of one kind, and the operations on them.

    `id_type` is keyed by the name of a row's id in the path. `table` is the name of the table if it
    is not the resource's. `show` converts a row for clients, to the shape `shown`; `show_new` makes
    the answer to its creation.
    """

    def __init__(
        self,
        name: str,
        prefix: str,
        shown: type[Any],
        *,
        table: str | None = None,
        show: Callable[[RequestContext, Any], Any] | None = None,
        show_new: Callable[[RequestContext, Any], Any] | None = None,
        **id_type: Any,  # noqa: ANN401
    ) -> None:
        ((self._id, self._id_type),) = id_type.items()
        self._name = name
        self._table = table or name
        self._shown = shown
        self._show = show or (lambda _, row: row)
        self._show_new = show_new or self._show
        self._prepare: Callable[[World, Any], None] | None = None
        self.routes = Routes(prefix)

    def rows(self, world: World) -> Table[Row]:
        table: Table[Row] = getattr(world.store, self._table)
        return table

    def creates(self, create: Function) -> Function:
        """POST /: `create(world, body)` returns the new row."""

        def handle(context: RequestContext, body: BaseModel) -> object:
            return self._show_new(context, create(context.world, body))

        self._register("POST", "/", "create", handle, create)
        return create

    def upserts(self, upsert: Function) -> Function:
        """PUT /: `upsert(context, body)` returns a row, new or changed."""

        def handle(context: RequestContext, body: BaseModel) -> object:
            return self._show(context, upsert(context, body))

        self._register("PUT", "/", "upsert", handle, upsert)
        return upsert

    def lists(self, query_type: type[ListQuery]) -> None:
        """GET /: a page of rows."""

        def handle(context: RequestContext, query: ListQuery) -> Sliced[object]:
            page = yield from find_page_of(context, self.rows(context.world), query)
            return shown_rows(context, page, partial(self._show, context))

        returns = list[self._shown]  # type: ignore[name-defined]
        self._register("GET", "/", "list", handle, query_type, returns, query=query_type)

    def counts(self, query_type: type[Conditions] | None = None) -> None:
        """GET /count: the number of rows, or of those that meet the conditions."""

        def handle(context: RequestContext, query: Conditions | None = None) -> Sliced[int]:
            rows = self.rows(context.world)
            keep = query.keeps(context.world) if query else None
            if keep is None:
                return len(rows)
            return len((yield from find_page(rows.view(), Page(), keep)))

        takes = {"query": query_type} if query_type else {}
        self._register("GET", "/count", "count", handle, None, int, **takes)

    def retrieves(self, unknown: Error | None = None) -> None:
        """GET /{id}: one row. `unknown` makes the error for an unknown id."""

        def handle(context: RequestContext, **path: str) -> object:
            return self._show(context, self._row(context.world, path, unknown))

        self._register("GET", self._path, "retrieve", handle)

    def updates(self, update: Function) -> Function:
        """PATCH /{id}: `update(world, row, body)` returns the changed row."""

        def handle(context: RequestContext, body: BaseModel, **path: str) -> object:
            row = self._row(context.world, path)
            return self._show(context, update(context.world, row, body))

        self._register("PATCH", self._path, "update", handle, update)
        return update

    def deletes(
        self,
        answer: Callable[[str], object] = nothing,
        *,
        unknown: Error | None = None,
        prepare: Callable[[World, Any], None] | None = None,
    ) -> None:
        """DELETE /{id}: a row with everything that it owns. `prepare(world, row)` is called
        before."""

        def handle(context: RequestContext, **path: str) -> object:
            row = self._row(context.world, path, unknown)
            self.delete(context.world, row)
            return answer(row.id)

        self._prepare = prepare
        self._register("DELETE", self._path, "delete", handle, prepare, _returned(answer))

    def below(
        self,
        method: str,
        path: str,
        operation: str,
        unknown: Callable[[str], object] | None = None,
    ) -> Callable[[Function], Function]:
        """Register an operation on a row: `function(context, row, ...)` gets the path's row.

        `unknown` answers for an unknown id, or raises; without it the error is RowNotFound.
        """

        def register(function: Function) -> Function:
            def handle(context: RequestContext, **arguments: Any) -> object:  # noqa: ANN401
                row_id = arguments.pop(self._id)
                if unknown is not None and row_id not in self.rows(context.world):
                    return unknown(row_id)
                return function(context, self.rows(context.world).get(row_id), **arguments)

            hints = get_type_hints(function, include_extras=True)
            returns, takes = hints.pop("return"), dict(list(hints.items())[2:])
            declare(handle, function, returns, **{self._id: self._id_type}, **takes)
            self.routes.add(method, self._path + path, f"{self._name}.{operation}", handle)
            return function

        return register

    def delete(self, world: World, row: Row) -> None:
        """Delete a row like the operation."""
        if self._prepare is not None:
            self._prepare(world, row)
        world.store.delete(self._table, row.id)

    def change(self, world: World, row: Row, request: BaseModel, **special: object) -> Row:
        """Store the changes of a row in a request, and the `special` fields."""
        changes = given(request, type(row), *special) | special
        if "updated_at" in type(row).model_fields:
            changes.setdefault("updated_at", world.clock.now())
        return self.rows(world).replace(row.changed(changes))

    @property
    def _path(self) -> str:
        return f"/{{{self._id}}}"

    def _row(self, world: World, path: Mapping[str, str], unknown: Error | None = None) -> Row:
        row_id = path[self._id]
        if unknown is not None and row_id not in self.rows(world):
            raise unknown(row_id)
        return self.rows(world).get(row_id)

    def _register(
        self,
        method: str,
        path: str,
        operation: str,
        handler: Handler,
        described: object = None,
        returns: object = None,
        **takes: object,
    ) -> None:
        """Register a handler. Its body is that of the function it is `described` by."""
        if path == self._path:
            takes[self._id] = self._id_type
        body = get_type_hints(described, include_extras=True).get("body") if described else None
        if body is not None:
            takes["body"] = body
        declare(handler, described, returns or self._shown, **takes)
        self.routes.add(method, path, f"{self._name}.{operation}", handler)


def attachments(
    name: str,
    routes: Routes,
    path: str,
    *,
    attach: Attach,
    detach: Attach,
    answer: Callable[[RequestContext, str], object],
    **id_types: object,
) -> None:
    """Register operations that attach rows to others, and detach them.

    `id_types` are keyed by the names of two ids: of the row that others are attached to, then of
    the attached one. `attach` and `detach` take both ids, `answer` takes the first.
    """
    owner, attached = id_types

    def register(verb: str, change: Attach) -> None:
        def handle(context: RequestContext, **ids: str) -> object:
            change(context.world, ids[owner], ids[attached])
            return answer(context, ids[owner])

        declare(handle, change, _returned(answer), **id_types)
        routes.add("PATCH", f"{path}/{verb}/{{{attached}}}", f"{name}.{verb}", handle)

    register("attach", attach)
    register("detach", detach)


def declare(handler: Handler, described: object, returns: object, **takes: object) -> None:
    """Give a handler the types of its arguments and its result, and the description of another."""
    handler.__annotations__ = {"context": RequestContext, **takes, "return": returns}
    handler.__doc__ = getattr(described, "__doc__", None)


def _returned(function: Callable[..., object]) -> object:
    return get_type_hints(function, include_extras=True)["return"]
