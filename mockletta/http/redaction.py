"""Hides secrets in what is recorded of a request and its answer.

This is the only place that does so. Which fields are secret is declared by the shapes of `wire/`,
with the marks of `wire/fields.py`.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias, get_args, get_origin, get_type_hints

from mockletta.http.credentials import SECRET_HEADERS, key_in
from mockletta.wire.fields import SECRET, TOKEN_PREFIX, Holds

if TYPE_CHECKING:
    from pydantic import BaseModel

    from mockletta.http.rendering import Headers

Shapes: TypeAlias = "tuple[type[BaseModel], ...]"
SHOWN = 4
LEAST_DISTINCT = 8
"""The characters of a secret that is hidden within longer texts too. Shorter ones are hidden only
where they are a whole text."""
_TOKEN = re.compile(re.escape(TOKEN_PREFIX) + "[0-9a-f-]+")
_TOKEN_BYTES = re.compile(_TOKEN.pattern.encode())


def hidden(secret: str) -> str:
    """Shorten a secret to its first characters, at most a third of it.

    >>> hidden("sk-let-1234567890")
    'sk-l…'
    """
    return f"{secret[: min(SHOWN, len(secret) // 3)]}…" if secret else ""


def redact_headers(headers: "Headers") -> "Headers":
    """Hide the credentials in headers."""
    return [pair if pair[0] not in SECRET_HEADERS else _hidden_pair(pair) for pair in headers]


@lru_cache(256)
def _hidden_pair(pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    return pair[0], hidden(key_in(pair[1])).replace("…", "...").encode("latin-1")


def redact_tokens(text: str) -> str:
    """Hide the client-side access tokens in a text."""
    return _TOKEN.sub(lambda found: hidden(found[0]), text)


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
        shown = _without(shown, given) if given else shown
        return _TOKEN_BYTES.sub(lambda token: hidden(token[0].decode()).encode(), shown)

    def secrets(self, request: bytes, response: bytes, content_type: str | None) -> set[str]:
        """Find the secrets in both bodies. `content_type` is that of the request."""
        return self._request(request, content_type)[1] | self._answered.hide(response)[1]

    def _request(self, body: bytes, content_type: str | None) -> tuple[bytes, set[str]]:
        if content_type is not None and "form" in content_type:
            return self._sent.hide_in_form(body, content_type)
        return self._sent.hide(body)


class _Secrets:
    """The secret fields of some types. `hide` returns a body without them, and what it hid."""

    def __init__(self, types: Iterable[object]) -> None:
        self._types = tuple(types)
        self._shapes: Shapes | None = None
        self._names = re.compile(b"")

    def hide(self, body: bytes) -> tuple[bytes, set[str]]:
        found: set[str] = set()
        if not body or not self._load() or not self._names.search(body):
            return body, found
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return self._cut(body), found
        shown = _redacted(value, self._load(), found)
        return (json.dumps(shown).encode() if found else body), found

    def hide_in_form(self, body: bytes, content_type: str) -> tuple[bytes, set[str]]:
        """Hide secrets in a form's texts, and in files with JSON."""
        found: set[str] = set()
        if not self._load():
            return body, found
        from mockletta.http.forms import replace_fields  # noqa: PLC0415 - few requests bring files

        return replace_fields(body, content_type, partial(self._field, found)), found

    def _field(self, found: set[str], name: str, content: bytes) -> bytes:
        is_secret, inner = _field(self._load(), name)
        if is_secret:
            found.add(content.decode(errors="replace"))
            return hidden(content.decode(errors="replace")).encode()
        shown, inside = _of_shapes(inner).hide(content)
        found |= inside
        return shown

    def _load(self) -> Shapes:
        """Find the shapes with secrets, and prepare the search for the names of secret fields."""
        if self._shapes is None:
            shapes = tuple(shape for hint in self._types for shape in secrecy_of(hint)[1])
            names = sorted({name for shape in reachable(shapes) for name in _secret_names(shape)})
            self._names = re.compile(rb"\\u|" + "|".join(map(re.escape, names)).encode())
            self._shapes = shapes if names else ()
        return self._shapes

    def _cut(self, body: bytes) -> bytes:
        """Cut a body that is not JSON where the first name of a secret field begins."""
        match = self._names.search(body)
        assert match is not None
        return body[: match.start()] + "…".encode()


@cache
def _of_shapes(shapes: Shapes) -> _Secrets:
    return _Secrets(shapes)


def _redacted(value: Any, shapes: Shapes, found: set[str]) -> Any:  # noqa: ANN401
    """Return a JSON value with the secret fields hidden. Adds what was hidden to `found`."""
    if isinstance(value, list):
        return [_redacted(item, shapes, found) for item in value]
    if not isinstance(value, dict):
        return value
    shown = {}
    for name, inside in value.items():
        is_secret, inner = _field(shapes, name)
        if is_secret:
            shown[name] = _with_leaves(inside, partial(_hide, found))
        else:
            shown[name] = _redacted(inside, inner, found)
    return shown


def _hide(found: set[str], leaf: object) -> object:
    if leaf is None or isinstance(leaf, bool) or leaf == "":
        return leaf
    found.add(str(leaf))
    return hidden(str(leaf))


def _with_leaves(value: Any, change: Callable[[object], object]) -> Any:  # noqa: ANN401
    """Return a JSON value with everything in it changed that is neither a list nor an object."""
    if isinstance(value, list):
        return [_with_leaves(item, change) for item in value]
    if isinstance(value, dict):
        return {name: _with_leaves(item, change) for name, item in value.items()}
    return change(value)


def _without(body: bytes, secrets: set[str]) -> bytes:
    """Return an answer without the secrets that its request gave, as errors quote them."""
    change = partial(_replace, secrets)
    try:
        return json.dumps(_with_leaves(json.loads(body), change)).encode()
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
    """Tell whether a field is secret, and return the shapes in it. A name that is no field can be
    the key of a mapping: its value is read as one of the same shapes."""
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
    """Tell whether a type is marked as secret, and return the models in it."""
    if isinstance(hint, type) and hasattr(hint, "model_fields") and get_origin(hint) is None:
        return False, (hint,)
    if isinstance(hint, Holds):
        return secrecy_of(hint.shape)
    is_secret = hint is SECRET
    shapes: dict[type[BaseModel], None] = {}
    marks = getattr(hint, "__metadata__", ())
    for part in (*get_args(hint), *marks):
        inner = secrecy_of(part)
        is_secret |= inner[0]
        shapes |= dict.fromkeys(inner[1])
    return is_secret, tuple(shapes)


def reachable(shapes: Shapes) -> Shapes:
    """Return the shapes and all that are in them."""
    found = dict.fromkeys(shapes)
    waiting = list(shapes)
    while waiting:
        inner = (one for _, inside in fields_of(waiting.pop()).values() for one in inside)
        for shape in inner:
            if shape not in found:
                found[shape] = None
                waiting.append(shape)
    return tuple(found)
