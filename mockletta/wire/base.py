"""The base classes of all shapes."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict

from mockletta.wire.fields import OF_PROJECT

_set_values = vars(BaseModel)["__dict__"].__set__
_set_names = vars(BaseModel)["__pydantic_fields_set__"].__set__
_set_extra = vars(BaseModel)["__pydantic_extra__"].__set__
_set_private = vars(BaseModel)["__pydantic_private__"].__set__
"""A frozen shape cannot be assigned to. Its slots are set without a search by their names."""


ProjectId = Annotated[str | None, OF_PROJECT]


class Wire(BaseModel):
    """A shape that is sent. Undeclared fields cannot be sent."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        protected_namespaces=(),
        defer_build=True,
    )

    @classmethod
    def trusted(cls, **values: object) -> Self:
        """Make an instance from valid values, without checks or conversions.

        The same as `cls(**values)`, at a tenth of the cost, but all fields count as set.
        """
        made = object.__new__(cls)
        _set_values(made, {**_defaults(cls), **values})
        _set_names(made, _field_names(cls))
        _set_extra(made, None)
        _set_private(made, None)
        return made

    def changed(self, changes: Mapping[str, object]) -> Self:
        """Return a copy with other values, which are not checked.

        The same as `model_copy(update=changes)`, at a fifth of the cost.
        """
        shape = type(self)
        made = object.__new__(shape)
        _set_values(made, {**self.__dict__, **changes})
        _set_names(made, self.__pydantic_fields_set__)
        _set_extra(made, None)
        _set_private(made, None)
        return made


class SharedPart(Wire, extra="ignore"):
    """A part of what is sent and of what is received. Unknown fields are ignored."""


class Body(BaseModel):
    """A shape that is received. Unknown fields are ignored, as the server does."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        protected_namespaces=(),
        defer_build=True,
    )


@cache
def _defaults(shape: type[Wire]) -> dict[str, Any]:
    """Return the defaults of all fields, in their order."""
    return {
        name: None if field.is_required() else field.get_default(call_default_factory=True)
        for name, field in shape.model_fields.items()
    }


@cache
def _field_names(shape: type[Wire]) -> set[str]:
    """Return the names of all fields. All instances share the set: one of its own takes a
    kilobyte."""
    return set(shape.model_fields)
