"""/openapi.json as it must be, from the same declarations that parse and render.

`python -m tests.tables` writes it. The file is compressed: it has 750 kB of text.
"""

import gzip
import inspect
import re
from collections.abc import Awaitable, Iterable, Mapping
from typing import Annotated, Any, Never, get_args, get_origin, get_type_hints

from mockletta._version import __version__
from mockletta.api.unimplemented import OPERATIONS
from mockletta.hosting.application import create_router
from mockletta.http.endpoints import Endpoint
from mockletta.http.rendering import render
from mockletta.http.response_declarations import (
    EVENTS,
    JSON,
    CallsModel,
    DeclaredError,
    DeclaredResponse,
    returned_type,
)
from mockletta.http.routing import Registered
from mockletta.http.sse import DONE_TEXT
from tests.described.openapi_schemas import ERRORS, OF_MODELS, TEXT, Schema, Schemas, error_schema
from tests.source import DATA

FILE = DATA / "openapi.json.gz"
FORM = "multipart/form-data"
OF_STREAMS = (
    f"Server-Sent Events: the data of each is JSON as `x-event` says, or {DONE_TEXT} at the end."
)
PARAMETER = re.compile(r"\{(\w+)\}")


def generated() -> bytes:
    """The text of the description."""
    routes = [route for route in create_router().routes if not route[2].startswith("pages.")]
    refused = frozenset(name for _, _, name in OPERATIONS)
    return render(describe(routes, refused, "mockletta", __version__))


def kept() -> bytes:
    """The text of the file as it is."""
    return gzip.decompress(FILE.read_bytes()) if FILE.exists() else b""


def write() -> None:
    """Write the file, unless its text stays: compressed bytes depend on the version of zlib."""
    text = generated()
    if text != kept():
        FILE.write_bytes(gzip.compress(text, mtime=0))


class Operation:
    """One route and its description. `refused` operations answer 501."""

    def __init__(self, route: Registered, refused: frozenset[str]) -> None:
        self.method, self.path, self.name, handler = route
        self.endpoint = Endpoint(self.name, handler, PARAMETER.findall(self.path))
        self.refused = self.name in refused
        self.summary = inspect.getdoc(handler) or ""
        returned = returned_type(get_type_hints(handler, include_extras=True).get("return"))
        marks = get_args(returned)[1:] if get_origin(returned) is Annotated else ()
        self.says = [mark for mark in marks if isinstance(mark, DeclaredResponse)]
        self.fails = {mark.status for mark in marks if isinstance(mark, DeclaredError)}
        self.asks = any(isinstance(mark, CallsModel) for mark in marks)
        answers = not (self.refused or _is_never(returned))
        if answers and not self.says:
            self.says = [DeclaredResponse(_settled(returned))]

    @property
    def statuses(self) -> list[int]:
        """Return the error statuses that it can answer, by its parameters and its effects."""
        endpoint = self.endpoint
        takes = bool(endpoint.patterns or endpoint.query_model or endpoint.has_body)
        if self.refused:
            return [400, 401, 501]
        may = {
            400: True,
            401: True,
            404: takes,
            409: self.method != "GET",
            410: any(one.media == EVENTS for one in self.says),
            413: endpoint.has_body,
            415: endpoint.form_model is not None,
            422: takes,
        }
        failures = OF_MODELS if self.asks else ()
        return sorted({status for status, does in may.items() if does} | self.fails | set(failures))


def describe(
    routes: Iterable[Registered], refused: frozenset[str], title: str, version: str
) -> dict[str, Any]:
    """Return the description as JSON values."""
    operations = [Operation(route, refused) for route in routes]
    schemas = Schemas(
        [shape for one in operations for shape in _taken(one.endpoint)],
        [said.shape for one in operations for said in one.says if said.shape is not None],
    )
    paths: dict[str, dict[str, Schema]] = {}
    alike: dict[str, str] = {}
    for one in operations:
        path = alike.setdefault(PARAMETER.sub("{}", one.path), one.path)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, path, schemas)
    queries = {_named(schemas, one.endpoint.query_model) for one in operations}
    components = {key: value for key, value in schemas.components.items() if key not in queries}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {"schemas": {**components, **ERRORS}},
    }


def _settled(hint: Any) -> Any:  # noqa: ANN401
    """Return the type of the final answer, also of an awaited one."""
    members = [one for one in get_args(hint) if get_origin(one) is not Awaitable]
    return members[0] if len(members) < len(get_args(hint)) else hint


def _is_never(hint: object) -> bool:
    return Never in (hint, *get_args(hint)[:1]) and get_origin(hint) in (None, Annotated)


def _taken(endpoint: Endpoint) -> list[Any]:
    models = (endpoint.query_model, endpoint.body_model, endpoint.form_model)
    return [model for model in models if model is not None]


def _named(schemas: Schemas, model: Any) -> str:  # noqa: ANN401
    """Return the name of a query's component. Its fields are described with the parameters
    instead."""
    return "" if model is None else str(schemas.taken(model).get("$ref", "")).rpartition("/")[2]


def _operation(one: Operation, path: str, schemas: Schemas) -> Schema:
    described: Schema = {
        "operationId": one.name,
        "tags": [one.name.partition(".")[0]],
        "parameters": [*_in_path(one, path), *_in_query(one, schemas)],
        "responses": {**_answers(one, schemas), **_failures(one)},
    }
    if one.summary:
        described["description"] = one.summary
    if one.endpoint.has_body:
        described["requestBody"] = _body(one.endpoint, schemas)
    return described


def _in_path(one: Operation, path: str) -> list[Schema]:
    """Yield the parameters of a path by their names there; a handler may have other names for
    them."""
    named = dict(zip(PARAMETER.findall(path), PARAMETER.findall(one.path), strict=True))
    patterns = {name: one.endpoint.patterns.get(ours) for name, ours in named.items()}
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {**TEXT, **({"pattern": pattern.pattern} if pattern else {})},
        }
        for name, pattern in patterns.items()
    ]


def _in_query(one: Operation, schemas: Schemas) -> list[Schema]:
    if one.endpoint.query_model is None:
        return []
    fields, required = schemas.fields(one.endpoint.query_model)
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in fields.items()
    ]


def _body(endpoint: Endpoint, schemas: Schemas) -> Schema:
    model = endpoint.body_model or endpoint.form_model
    media = JSON if endpoint.body_model else FORM
    required = endpoint.body_required or endpoint.form_model is not None
    return {"required": required, "content": {media: {"schema": schemas.taken(model)}}}


def _answers(one: Operation, schemas: Schemas) -> dict[str, Schema]:
    answers: dict[str, Schema] = {}
    for said in one.says:
        answer = answers.setdefault(str(said.status), {"description": "What was asked for."})
        if said.shape is not None:
            answer.setdefault("content", {})[said.media] = _content(said, schemas)
    return answers


def _content(said: DeclaredResponse, schemas: Schemas) -> Schema:
    """Describe the content of a response. A stream is described by its events: `x-event` is the
    type of their data."""
    schema: Mapping[str, Any] = schemas.given(said.shape)
    if said.media != EVENTS:
        return {"schema": schema}
    return {"schema": {"description": OF_STREAMS}, "x-event": schema}


def _failures(one: Operation) -> dict[str, Schema]:
    return {
        str(status): {
            "description": "What is wrong with the request." if status < 500 else "A failure.",
            "content": {JSON: {"schema": error_schema(status, of_a_model=one.asks)}},
        }
        for status in one.statuses
        if not any(said.status == status for said in one.says)
    }
