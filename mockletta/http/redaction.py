"""Replaces secrets in requests and answers that are kept, in the journal and in recordings.

Secret fields are those that the shapes of `wire/` mark (`wire/fields.py`), and others with the name
of one. Other texts are searched for well-known forms (`http/secret_patterns.py`).
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias, get_args, get_origin, get_type_hints

from mockletta.documents.json_types import Json
from mockletta.http.credentials import SECRET_HEADERS, key_in
from mockletta.http.secret_patterns import (
    LEAST_DISTINCT,
    holds_secret,
    is_secret_field,
    is_secret_name,
    may_hold_secrets,
    redact_form,
    redact_text,
)
from mockletta.wire.fields import SECRET, Holds, LazyShape

if TYPE_CHECKING:
    from pydantic import BaseModel

    from mockletta.http.rendering import Headers

Shapes: TypeAlias = "tuple[type[BaseModel], ...]"
SHOWN = 4
_VALUES = ("value", "value_enc")
"""The fields with the secret, in a list of secrets."""


def hidden(secret: str) -> str:
    """Shorten a secret to its first characters, at most a third of it.

    >>> hidden("sk-let-1234567890")
    'sk-l…'
    """
    return f"{secret[: min(SHOWN, len(secret) // 3)]}…" if secret else ""


def redact_headers(headers: Iterable[tuple[bytes, bytes]]) -> "Headers":
    """Hide the credentials in headers."""
    return [_hidden_pair(pair) if is_secret_header(pair[0]) else pair for pair in headers]


@lru_cache(1024)
def is_secret_header(name: bytes) -> bool:
    """Return whether a header holds a credential. The name is in lower case."""
    return name in SECRET_HEADERS or is_secret_name(name.decode("latin-1"))


@lru_cache(256)
def _hidden_pair(pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    return pair[0], hidden(key_in(pair[1])).replace("…", "...").encode("latin-1")


def redact_tokens(text: str) -> str:
    """Hide the credentials of a known form in a text, such as client-side access tokens."""
    return redact_text(text, hidden)


class Redaction:
    """Hides the secrets of one operation in its bodies.

    `sent` and `answered` are the types of the bodies: models, or types that have models in them.
    """

    def __init__(self, sent: Iterable[object] = (), answered: Iterable[object] = ()) -> None:
        self._sent = _Secrets(sent)
        self._answered = _Secrets(answered)

    def request(self, body: bytes, content_type: str | None = None) -> bytes:
        """Return the body of a request without its secrets."""
        return self._request(body, content_type)[0]

    def response(self, body: bytes, request: bytes = b"", content_type: str | None = None) -> bytes:
        """Return the body of an answer without its own secrets and those of its request."""
        given = self._request(request, content_type)[1]
        shown = self._answered.hide(body)[0]
        return _without(shown, given) if given else shown

    def secrets(self, request: bytes, response: bytes, content_type: str | None) -> set[str]:
        """Find the values of secret fields in both bodies. `content_type` is the request's."""
        found: set[str] = set()
        if self._sent.may_have_some(request):
            found |= self._request(request, content_type)[1]
        if self._answered.may_have_some(response):
            found |= self._answered.hide(response)[1]
        return found

    def _request(self, body: bytes, content_type: str | None) -> tuple[bytes, set[str]]:
        if content_type is not None and "form" in content_type:
            return self._sent.hide_in_form(body, content_type)
        return self._sent.hide(body)


class _Secrets:
    """The secret fields of some types. `hide` returns a body without them, and the hidden
    values."""

    def __init__(self, types: Iterable[object]) -> None:
        self._types = tuple(types)
        self._shapes: Shapes | None = None
        self._names: Sequence[bytes] = ()

    def may_have_some(self, body: bytes) -> bool:
        """Return whether a body mentions a secret field of the types."""
        self._load()
        return any(name in body for name in self._names)

    def hide(self, body: bytes) -> tuple[bytes, set[str]]:
        found: set[str] = set()
        if not body:
            return body, found
        hide = partial(_hide, found)
        shapes = self._load()
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return _without_forms(self._cut(body), redact_text, hide), found
        if not (self.may_have_some(body) or holds_secret(value) or _may_hold_secrets(body)):
            return body, found
        shown = Redactor(hide).json(value, shapes)
        return (json.dumps(shown, ensure_ascii=False).encode() if found else body), found

    def hide_in_form(self, body: bytes, content_type: str) -> tuple[bytes, set[str]]:
        """Hide secrets in a form's texts, and in files with JSON."""
        found: set[str] = set()
        if not self._load():
            return _without_forms(body, redact_form, partial(_hide, found)), found
        from mockletta.http.forms import replace_fields  # noqa: PLC0415 - few requests bring files

        return replace_fields(body, content_type, partial(self._field, found)), found

    def _field(self, found: set[str], name: str, content: bytes) -> bytes:
        is_secret, inner = _field(self._load(), name)
        if is_secret or is_secret_name(name):
            return _hide(found, content.decode(errors="replace")).encode()
        shown, inside = _of_shapes(inner).hide(content)
        found |= inside
        return shown

    def _load(self) -> Shapes:
        """Find the shapes with secrets, and prepare the search for the names of secret fields."""
        if self._shapes is None:
            shapes = tuple(shape for hint in self._types for shape in secrecy_of(hint)[1])
            names = sorted({name for shape in reachable(shapes) for name in _secret_names(shape)})
            self._names = [b"\\u", *(name.encode() for name in names)] if names else ()
            self._shapes = shapes if names else ()
        return self._shapes

    def _cut(self, body: bytes) -> bytes:
        """Cut a body that is not JSON before the first name of a secret field."""
        places = [place for name in self._names if (place := body.find(name)) >= 0]
        return body[: min(places)] + "…".encode() if places else body


@cache
def _of_shapes(shapes: Shapes) -> _Secrets:
    return _Secrets(shapes)


@dataclass(frozen=True)
class Redactor:
    """Replaces secrets in JSON by the result of `stand_in` for each.

    `text` changes the other texts; by default it replaces secrets of a known form. `paths` are
    patterns of further secret places, such as `$.user.pin`.
    """

    stand_in: Callable[[str], str]
    text: Callable[[str], str] | None = None
    paths: Sequence[re.Pattern[str]] = ()

    def json(self, value: Json, shapes: Shapes = (), path: str = "$") -> Json:
        """Return a JSON value, of one of some shapes, without its secrets."""
        if isinstance(value, str):
            return self.text(value) if self.text else redact_text(value, self.stand_in)
        if isinstance(value, dict):
            return {name: self._member(name, one, shapes, path) for name, one in value.items()}
        if isinstance(value, list):
            return [self.json(one, shapes, f"{path}[{n}]") for n, one in enumerate(value)]
        return value

    def _member(self, name: str, value: Json, shapes: Shapes, path: str) -> Json:
        is_secret, inner = _field(shapes, name) if shapes else (False, shapes)
        below = f"{path}.{name}" if self.paths else path
        if is_secret:
            return _with_leaves(value, self._leaf)
        if self.paths and any(pattern.fullmatch(below) for pattern in self.paths):
            return _with_leaves(value, self._text)
        if is_secret_field(name, value):
            return self._named_secret(value, below)
        return self.json(value, inner, below)

    def _named_secret(self, value: Json, path: str) -> Json:
        """Redact the value of a field with a secret's name. A list of objects is a list of secrets
        with their names."""
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            return _with_leaves(value, self._text)
        return [
            {
                name: _with_leaves(inside, self._text)
                if name in _VALUES
                else self.json(inside, (), f"{path}.{name}")
                for name, inside in one.items()
            }
            for one in value
        ]

    def _leaf(self, leaf: object) -> object:
        is_plain = leaf is None or isinstance(leaf, bool) or leaf == ""
        return leaf if is_plain else self.stand_in(str(leaf))

    def _text(self, leaf: object) -> object:
        return self.stand_in(leaf) if isinstance(leaf, str) and leaf else leaf


def _without_forms(
    body: bytes, redact: Callable[[str, Callable[[str], str]], str], hide: Callable[[str], str]
) -> bytes:
    """Redact the text of a body that is not JSON. A binary body stays unchanged."""
    try:
        return redact(body.decode(), hide).encode()
    except UnicodeError:
        return body


def _may_hold_secrets(body: bytes) -> bool:
    try:
        return may_hold_secrets(body.decode())
    except UnicodeError:  # JSON can be in UTF-16
        return True


def _hide(found: set[str], secret: str) -> str:
    found.add(secret)
    return hidden(secret)


def _with_leaves(value: Json, change: Callable[[object], object]) -> Json:
    """Return a JSON value with all its values changed, except lists and objects."""
    if isinstance(value, list):
        return [_with_leaves(item, change) for item in value]
    if isinstance(value, dict):
        return {name: _with_leaves(item, change) for name, item in value.items()}
    return change(value)


def _without(body: bytes, secrets: set[str]) -> bytes:
    """Return an answer without the secrets of its request, which errors quote."""
    change = partial(_replace, secrets)
    try:
        return json.dumps(_with_leaves(json.loads(body), change), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return str(change(body.decode(errors="replace"))).encode()


def _replace(secrets: set[str], leaf: object) -> object:
    if str(leaf) in secrets:
        return hidden(str(leaf))
    if isinstance(leaf, str):
        for secret in secrets:
            if len(secret) >= LEAST_DISTINCT:
                leaf = leaf.replace(secret, hidden(secret))
    return leaf


@lru_cache(4096)
def _field(shapes: Shapes, name: str) -> tuple[bool, Shapes]:
    """Return whether a field is secret, and the shapes in it.

    A name that is not a field can be the key of a mapping: its value is read as one of the same
    shapes.
    """
    known = [fields[name] for shape in shapes if name in (fields := fields_of(shape))]
    if not known:
        return False, shapes
    inner = {shape: None for _, inside in known for shape in inside}
    return any(is_secret for is_secret, _ in known), tuple(inner)


@cache
def fields_of(shape: "type[BaseModel]") -> dict[str, tuple[bool, Shapes]]:
    """Return the fields of a shape: whether each is secret, and the shapes in it."""
    hints = get_type_hints(shape, include_extras=True)
    fields: dict[str, tuple[bool, Shapes]] = {}
    for name, field in shape.model_fields.items():
        fields[name] = fields[field.alias or name] = secrecy_of(hints[name])
    return fields


def _secret_names(shape: "type[BaseModel]") -> Iterator[str]:
    return (name for name, (is_secret, _) in fields_of(shape).items() if is_secret)


def secrecy_of(hint: Any) -> tuple[bool, Shapes]:  # noqa: ANN401
    """Return whether a type is marked as secret, and return the models in it."""
    if isinstance(hint, type) and hasattr(hint, "model_fields") and get_origin(hint) is None:
        return False, (hint,)
    if isinstance(hint, Holds):
        return secrecy_of(hint.shape)
    if isinstance(hint, LazyShape):
        return secrecy_of(hint.load())
    is_secret = hint is SECRET
    shapes: dict[type[BaseModel], None] = {}
    marks = getattr(hint, "__metadata__", ())
    for part in (*get_args(hint), *marks):
        inner = secrecy_of(part)
        is_secret |= inner[0]
        shapes |= dict.fromkeys(inner[1])
    return is_secret, tuple(shapes)


def reachable(shapes: Shapes) -> Shapes:
    """Return the shapes and all shapes in them."""
    found = dict.fromkeys(shapes)
    waiting = list(shapes)
    while waiting:
        inner = (one for _, inside in fields_of(waiting.pop()).values() for one in inside)
        for shape in inner:
            if shape not in found:
                found[shape] = None
                waiting.append(shape)
    return tuple(found)
