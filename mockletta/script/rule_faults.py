"""Faults in a script: read when the script is, so that a wrong one is found in its file."""

from collections.abc import Callable, Iterable
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from mockletta.faults.parsing import BadFault, parse_fault, parse_planned
from mockletta.script.value_types import Json

Operations: TypeAlias = Callable[[], Iterable[str]]
"""Returns the names of all operations; called if there are faults whose operations matter."""


def _checked(parse: Callable[[object], object], spelled: Json) -> Json:
    """What spells a fault, as it is; what spells none is refused, at the key that is wrong."""
    try:
        parse(spelled)
    except BadFault as error:
        at = [error.place] if isinstance(spelled, dict) and error.place in spelled else []
        reason = error.reason if at else str(error)
        raise PydanticCustomError("fault", "{reason}", {"reason": reason, "at": at}) from error
    return spelled


def _of_a_rule(spelled: Json) -> Json:
    return _checked(parse_fault, spelled)


def _planned(spelled: dict[str, Json], info: ValidationInfo) -> dict[str, Json]:
    known: Operations | None = info.context
    _checked(lambda raw: parse_planned(raw, known() if known else ()), spelled)
    return spelled


RuleFault: TypeAlias = Annotated[Json, AfterValidator(_of_a_rule)]
"""A fault of one response: a mapping or a line."""
PlannedFault: TypeAlias = Annotated[dict[str, Json], AfterValidator(_planned)]
"""A fault that says which requests it strikes. That there is such an operation is checked if the
context of the validation is a function that returns their names."""
