"""What every shape on the wire has in common."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from mockletta.wire.id_patterns import OF_PROJECT

_set = object.__setattr__


ProjectId = Annotated[str | None, OF_PROJECT]


class Wire(BaseModel):
    """A shape that leaves the building: what is not declared cannot be sent."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        protected_namespaces=(),
        defer_build=True,
    )

    @classmethod
    def trusted(cls, **values: object) -> Self:
        """One made of values that are known to be right: nothing is checked or converted.

        The same as `cls(**values)`, at a tenth of its cost.
        """
        return _made(cls, {**_defaults(cls), **values}, set(values))

    def changed(self, changes: Mapping[str, object]) -> Self:
        """A copy with other values, which are not checked.

        The same as `model_copy(update=changes)`, at a fifth of its cost.
        """
        return _made(self.__class__, {**self.__dict__, **changes}, self.__pydantic_fields_set__)


class Body(BaseModel):
    """A shape that comes in: unknown fields are ignored, as the server does."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        protected_namespaces=(),
        defer_build=True,
    )


_Shape = TypeVar("_Shape", bound=Wire)


@cache
def _defaults(shape: type[Wire]) -> dict[str, Any]:
    """What a shape's fields are unless told; in the order of the fields, all of them."""
    return {
        name: None if field.is_required() else field.get_default(call_default_factory=True)
        for name, field in shape.model_fields.items()
    }


def _made(shape: type[_Shape], values: dict[str, Any], given: set[str]) -> _Shape:
    made = shape.__new__(shape)
    _set(made, "__dict__", values)
    _set(made, "__pydantic_fields_set__", given)
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made
