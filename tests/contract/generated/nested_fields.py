"""The fields within a request's body: which are sent, and which of them are shown again."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args

import pytest
from pydantic import BaseModel
from pydantic_core import to_json

from mockletta.http import endpoints, validation

OF = object.__getattribute__
"""Reads without being noted."""


class Sent(NamedTuple):
    """A field of a model within a body. Its path leaves out the items of lists."""

    path: str
    field: str
    value: object

    def is_in(self, document: object) -> bool:
        """Return whether a document has this field with this value in it, at any depth."""
        return _shows(document, self.path.rpartition(".")[2], _plain(self.value))


class Bodies:
    """The bodies of requests as their operations get them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[object] = []
        validate = validation.validate

        def validated(
            model: type[BaseModel],
            value: object,
            place: str,
            *rest: Any,  # noqa: ANN401
        ) -> object:
            result = validate(model, value, place, *rest)
            if place == "body":
                self.seen.append(result)
            return result

        monkeypatch.setattr(endpoints, "validate", validated)

    def fields(self) -> Iterator[Sent]:
        """The fields within the bodies so far."""
        for body in self.seen:
            if isinstance(body, BaseModel):
                _build_parts_of(type(body))
                for name, value in OF(body, "__dict__").items():
                    yield from _fields(value, name)


def models_in(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The models that a body of this model can have in it."""
    found, left = {model}, [model]
    while left:
        hints: list[object] = [one.annotation for one in left.pop().model_fields.values()]
        while hints:
            hint = hints.pop()
            hints += get_args(hint)
            if isinstance(hint, type) and issubclass(hint, BaseModel) and hint not in found:
                found.add(hint)
                left.append(hint)
                yield hint


def _build_parts_of(model: type[BaseModel]) -> None:
    """Build what a body consists of: before pydantic 2.12 only a built model can be rendered."""
    for part in models_in(model):
        part.model_rebuild()


def _plain(value: object) -> object:
    """Return a value as JSON has it."""
    return json.loads(to_json(value))


def _shows(document: object, name: str, value: object) -> bool:
    if isinstance(document, list):
        return any(_shows(item, name, value) for item in document)
    if not isinstance(document, dict):
        return False
    return document.get(name, ...) == value or _shows(list(document.values()), name, value)


def _fields(value: object, path: str) -> Iterator[Sent]:
    if isinstance(value, BaseModel):
        values = OF(value, "__dict__")
        for name in OF(value, "__pydantic_fields_set__"):
            yield Sent(f"{path}.{name}", f"{type(value).__name__}.{name}", values[name])
            yield from _fields(values[name], f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _fields(item, path)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _fields(item, path)
