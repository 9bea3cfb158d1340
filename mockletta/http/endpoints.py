"""A handler and how its arguments are made from a request.

A handler is a typed function. Its parameters are those of its path, by their names there; `query`
and `body` or `form` (a body of texts and files by name), parsed into their models; `context`, the
request itself. Any other parameter is the attribute of the request with its name. Path, query and
body are all checked before any error is reported, as the server does it [40 providers update
malformed id].
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from functools import partial
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from pydantic import BaseModel

from mockletta.errors import Invalid
from mockletta.http.bodies import MISSING_BODY, is_json, parse_body
from mockletta.http.host_names import includes_host
from mockletta.http.path_patterns import ErrorDetail, PathPattern
from mockletta.http.redaction import Redaction
from mockletta.http.response_declarations import returned_type
from mockletta.http.routing import Before, Handler, Request
from mockletta.http.validation import LARGE, early_errors, validate
from mockletta.wire.fields import OF_PROJECT

Name = TypeVar("Name", bound=Hashable)
MOST_QUERIES = 256
MOST_BODIES = 64
SHORT = 1_024
"""The size in bytes of the longest body that is cached."""
RESERVED = frozenset({"context", "query", "body", "form"})


class Endpoint:
    """One operation: its name, spelled as the SDK spells it, and its handler.

    `path` has the names of the path's parameters. `wanted` are the attributes of a request that
    the handler gets as arguments. `before` is called with the request before anything is parsed.
    """

    def __init__(
        self,
        operation: str,
        handler: Handler,
        path: Collection[str] = (),
        before: Before | None = None,
    ) -> None:
        self.operation = operation
        self.handler = handler
        self._before = before
        hints = get_type_hints(handler, include_extras=True)
        parameters = [name for name in hints if name != "return"]
        self.patterns = {name: _pattern(hints[name]) for name in parameters if name in path}
        self._wants_context = "context" in parameters
        self.wanted = [name for name in parameters if name not in RESERVED and name not in path]
        self.query_model: type[BaseModel] | None = hints.get("query")
        self._queries: dict[bytes, object] = {}
        self._bodies: dict[tuple[bytes, str | None, frozenset[str]], object] = {}
        self._list_fields = _list_fields(self.query_model) if self.query_model else frozenset()
        self.form_model: type[BaseModel] | None = hints.get("form")
        self.body_model: type[BaseModel] | None = _model(hints["body"]) if "body" in hints else None
        self.body_required = self.body_model is not None and (
            type(None) not in get_args(hints["body"])
        )
        self._projects = {
            shape: _project_fields(shape)
            for shape in (self.query_model, self.body_model, self.form_model)
            if shape
        }
        returned = returned_type(hints.get("return"))
        self.redaction = Redaction((self.body_model, self.form_model), (returned,))
        self.has_body = self.body_model is not None or self.form_model is not None

    def call(self, request: Request) -> object:
        """Run the handler. Raises Invalid if the path, the query or the body is not valid."""
        if self._before is not None:
            self._before(request)
        errors: list[ErrorDetail] = []
        examples: list[str] = []
        arguments: dict[str, object] = {"context": request} if self._wants_context else {}
        for name in self.wanted:
            arguments[name] = getattr(request, name)
        self._read_path(request, arguments, errors, examples)
        if self.query_model is not None:
            arguments["query"] = self._read_query(request, errors)
        if self.body_model is not None:
            arguments["body"] = self._read_body(request, errors)
        if self.form_model is not None:
            arguments["form"] = self._read_form(request, errors)
        if errors:
            raise Invalid(errors, **({"examples": examples} if examples else {}))
        return self.handler(**arguments)

    def form_reader(self, content_type: str | None) -> Callable[[bytes], object] | None:
        """Return the function with which the journal reads a body as a form, None if it is not a
        form."""
        if self.form_model is None:
            return None
        from mockletta.http.forms import form_document  # noqa: PLC0415 - few requests bring files

        return partial(form_document, content_type=content_type)

    def _read_path(
        self,
        request: Request,
        arguments: dict[str, object],
        errors: list[ErrorDetail],
        examples: list[str],
    ) -> None:
        for name, pattern in self.patterns.items():
            value = arguments[name] = request.params[name]
            if pattern is not None and not pattern.accepts(value):
                errors.append(pattern.error(name, value))
                examples.extend(pattern.examples())

    def _read_query(self, request: Request, errors: list[ErrorDetail]) -> object:
        """Return the parsed query. Clients repeat their queries, so the newest are cached."""
        query_string = request.query_string
        if request.project is not None:
            return self._parsed_query(query_string, errors, request.project)
        known = self._queries.get(query_string)
        if known is not None:
            return known
        query = self._parsed_query(query_string, errors)
        _keep(self._queries, MOST_QUERIES, query_string, query)
        return query

    def _parsed_query(
        self, query_string: bytes, errors: list[ErrorDetail], project: str | None = None
    ) -> object:
        assert self.query_model is not None
        pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
        values = _by_name(pairs, self._list_fields)
        return validate(
            self.query_model, self._with_project(self.query_model, values, project), "query", errors
        )

    def _with_project(self, shape: type[BaseModel], value: object, project: str | None) -> object:
        """Return the value with the request's project in the fields for it that were left out."""
        if project is None or not isinstance(value, dict):
            return value
        missing = [name for name in self._projects[shape] if value.get(name) is None]
        return value | dict.fromkeys(missing, project)

    def _read_body(self, request: Request, errors: list[ErrorDetail]) -> object:
        """Return the parsed body. Clients repeat short ones, so the newest are cached."""
        if request.project is not None or len(request.body) > SHORT:
            return self._parsed_body(request, errors)
        name = request.body, request.content_type, request.hosts
        known = self._bodies.get(name)
        if known is None:
            known = self._parsed_body(request, errors)
            _keep(self._bodies, MOST_BODIES, name, known)
        return known

    def _parsed_body(self, request: Request, errors: list[ErrorDetail]) -> object:
        assert self.body_model is not None
        if len(request.body) > LARGE and is_json(request.content_type):
            early = early_errors(self.body_model, request.body)
            if early:
                errors += early
                return None
        value = parse_body(request.body, request.content_type)
        if value is None:
            if self.body_required:
                errors.append(MISSING_BODY)
            return None
        value = self._with_project(self.body_model, value, request.project)
        size, allows = len(request.body), partial(includes_host, request.hosts)
        return validate(self.body_model, value, "body", errors, size, allows)

    def _read_form(self, request: Request, errors: list[ErrorDetail]) -> object:
        from mockletta.http.forms import parse_form  # noqa: PLC0415 - few requests bring files

        assert self.form_model is not None
        fields = parse_form(request.body, request.content_type)
        values = _by_name(fields, _list_fields(self.form_model))
        value = self._with_project(self.form_model, values, request.project)
        return validate(self.form_model, value, "form", errors)


def _keep(kept: dict[Name, object], most: int, name: Name, value: object) -> None:
    """Cache a value, unless it is None because of an error."""
    if value is not None:
        if len(kept) >= most:
            kept.clear()
        kept[name] = value


def _by_name(pairs: Iterable[tuple[str, object]], lists: frozenset[str]) -> dict[str, Any]:
    """Return values by their names: all values of a list, else the last one."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in lists:
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    return values


def _pattern(hint: Any) -> PathPattern | None:  # noqa: ANN401
    metadata = getattr(hint, "__metadata__", ())
    return next((item for item in metadata if isinstance(item, PathPattern)), None)


def _model(hint: Any) -> type[BaseModel]:  # noqa: ANN401
    models = [hint, *get_args(hint)]
    found: type[BaseModel] = next(
        item for item in models if isinstance(item, type) and issubclass(item, BaseModel)
    )
    return found


def _project_fields(model: type[BaseModel]) -> list[str]:
    return [name for name, field in model.model_fields.items() if OF_PROJECT in field.metadata]


def _list_fields(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(
        field.alias or name
        for name, field in model.model_fields.items()
        if any(get_origin(item) is list for item in (field.annotation, *get_args(field.annotation)))
    )
