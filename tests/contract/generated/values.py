"""Values of a type: one for each variant of it, the plainest first.

A type is taken apart by what it is made of: each member of a union, each value of a literal, each
key of a TypedDict gets its turn. What a text means is told by its name: see Known.
"""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    IO,
    Annotated,
    Any,
    Literal,
    NamedTuple,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from letta_client import Omit
from typing_extensions import is_typeddict

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
Known = Callable[[tuple[str, ...]], Any]
"""What a value is by the names that lead to it, such as `("agents.create", "model")`; or None."""


class Variant(NamedTuple):
    """A value, and where in it something differs from the plainest: `.content.type=text`."""

    value: Any
    label: str = ""


_Way = Callable[[tuple[Any, ...], tuple[str, ...]], Iterator[Variant]]


class Values:
    """Values for parameters: `known` are those whose name says what they are."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._seen: set[object] = set()
        self._made_of: Mapping[object, _Way] = {
            **dict.fromkeys((Required, Annotated), self._inner),
            **dict.fromkeys((Union, UnionType), self._members),
            **dict.fromkeys((list, Sequence, Iterable), self._lists),
            **dict.fromkeys((dict, Mapping), self._mappings),
            tuple: self._tuples,
        }

    def of(self, hint: Any, path: tuple[str, ...]) -> list[Variant]:  # noqa: ANN401
        """A value for each variant of a type, at least one."""
        return list(self._variants(hint, path))

    def _variants(self, hint: Any, path: tuple[str, ...]) -> Iterator[Variant]:  # noqa: ANN401
        origin = get_origin(hint)
        if is_typeddict(hint):
            return self._objects(hint, path)
        if origin is Literal:
            return (Variant(value, f"={value}") for value in get_args(hint))
        if origin in self._made_of:
            return self._made_of[origin](get_args(hint), path)
        return self._plain(origin or hint, path)

    def _inner(self, hints: tuple[Any, ...], path: tuple[str, ...]) -> Iterator[Variant]:
        return self._variants(hints[0], path)

    def _members(self, hints: tuple[Any, ...], path: tuple[str, ...]) -> Iterator[Variant]:
        given = [hint for hint in hints if hint is not Omit]
        for hint in sorted(given, key=lambda one: one is NoneType):
            for variant in self._variants(hint, path):
                yield variant if variant.label else Variant(variant.value, f".{hint.__name__}")

    def _objects(self, hint: Any, path: tuple[str, ...]) -> Iterator[Variant]:  # noqa: ANN401
        """The whole object, the smallest, then the whole with the second variants of its keys, with
        the third, and so on; the second time the same object comes along, only the whole."""
        hints = get_type_hints(hint, include_extras=True)
        variants = {key: self.of(kind, (*path, key)) for key, kind in hints.items()}
        whole = {key: found[0].value for key, found in variants.items()}
        yield Variant(whole, f".{hint.__name__}")
        if hint in self._seen:
            return
        self._seen.add(hint)
        smallest = {key: value for key, value in whole.items() if _is_needed(hints[key])}
        if smallest != whole:
            yield Variant(smallest, f".{hint.__name__} smallest")
        for place in range(1, max(map(len, variants.values()))):
            others = {key: found[place] for key, found in variants.items() if place < len(found)}
            label = ",".join(key + other.label for key, other in others.items())
            changed = {key: other.value for key, other in others.items()}
            yield Variant({**whole, **changed}, f".{hint.__name__}.{label}")

    def _lists(self, hints: tuple[Any, ...], path: tuple[str, ...]) -> Iterator[Variant]:
        for value, label in self._variants(hints[0], path):
            yield Variant([value], label)

    def _mappings(self, hints: tuple[Any, ...], path: tuple[str, ...]) -> Iterator[Variant]:
        known = self.known(path)
        if isinstance(known, dict):
            yield Variant(known)
        else:
            for value, label in self._variants(hints[1], (*path, "*")):
                yield Variant({"key": value}, label)

    def _tuples(self, hints: tuple[Any, ...], path: tuple[str, ...]) -> Iterator[Variant]:
        """Files with a name, a type, headers: only the first value of each."""
        parts = [
            self.of(hint, path if place == 1 else (*path, str(place)))
            for place, hint in enumerate(hints)
        ]
        yield Variant(tuple(found[0].value for found in parts), f".{len(parts)} parts")

    def _plain(self, hint: Any, path: tuple[str, ...]) -> Iterator[Variant]:  # noqa: ANN401
        if hint is NoneType:
            return iter([Variant(None, "=None")])
        if hint is bool:
            return iter([Variant(True, "=True"), Variant(False, "=False")])
        if hint is datetime:
            return iter([Variant(MOMENT)])
        known = self.known(path)
        if hint in (bytes, os.PathLike, IO):
            return iter([Variant(_content(hint, known))])
        if hint is object:
            return iter([Variant({} if known is None else known)])
        if hint in (str, int, float):
            return iter([Variant(hint(path[-1] if hint is str else 1) if known is None else known)])
        raise NotImplementedError(f"values of {hint} at {path}")


def _content(hint: Any, file: Path) -> object:  # noqa: ANN401
    if hint is bytes:
        return file.read_bytes()
    return _opened(file) if hint is IO else file


def _opened(file: Path) -> IO[bytes]:
    """A file that need not be closed; it has a name, as one that is open has."""
    opened = io.BytesIO(file.read_bytes())
    opened.name = file.name
    return opened


def _is_needed(hint: Any) -> bool:  # noqa: ANN401
    """Whether a key must be there, or says which kind of object it is in."""
    origin = get_origin(hint)
    return origin is Required or (origin is Literal and len(get_args(hint)) == 1)
