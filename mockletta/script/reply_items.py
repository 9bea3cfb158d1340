"""Parses the items of replies. The kinds are the files in `kinds/`."""

import pkgutil
from collections.abc import Mapping
from functools import reduce
from importlib import import_module
from operator import or_
from types import MappingProxyType
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Discriminator, GetCoreSchemaHandler, Tag
from pydantic_core import CoreSchema

from mockletta.documents.unknown_keys import unknown_key
from mockletta.script import kinds
from mockletta.script.reply_steps import ReplyItem, misuse

MOST_ITEMS = 1_000


def _kind(module: str) -> type[ReplyItem]:
    """Return the class of a kind: `SayItem` for `say_item`."""
    name = module.title().replace("_", "")
    found: type[ReplyItem] = getattr(import_module(f"{kinds.__name__}.{module}"), name)
    return found


KINDS: Mapping[str, type[ReplyItem]] = MappingProxyType(
    {
        module.name.removesuffix("_item"): _kind(module.name)
        for module in pkgutil.iter_modules(kinds.__path__)
    }
)
"""The kinds by the key that names them, such as `say`."""


def _tag_of(value: object) -> str | None:
    """Return the tag of an item's kind, for a mapping or a validated item."""
    if isinstance(value, dict):
        return next((f"<{key}>" for key in value if key in KINDS), None)
    return next((f"<{key}>" for key, kind in KINDS.items() if type(value) is kind), None)


class _AnyKind:
    """Makes a ReplyItem one of the kinds, in validation and in the JSON Schema."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        tagged: list[Any] = [Annotated[kind, Tag(f"<{key}>")] for key, kind in KINDS.items()]
        return handler.generate_schema(Annotated[reduce(or_, tagged), Discriminator(_tag_of)])


_Mapping: TypeAlias = Annotated[ReplyItem, _AnyKind]


def _spelled_out(value: object) -> object:
    """Return an item as a mapping of one kind. A text becomes a `say`."""
    if isinstance(value, str):
        return {"say": value}
    if not isinstance(value, dict):
        return value
    found = [key for key in value if key in KINDS]
    if not found:
        raise unknown_key(next(iter(value), ""), KINDS)
    if len(found) > 1:
        raise misuse(
            found[1],
            f"`{found[1]}` is a separate item, not part of `{found[0]}`: - {found[1]}: ...",
        )
    return value


Item: TypeAlias = Annotated[
    _Mapping, BeforeValidator(_spelled_out, json_schema_input_type=str | _Mapping)
]
"""An item of any kind."""
