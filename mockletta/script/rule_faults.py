"""Faults in a script. They are parsed with the script, so that errors have their position in the
file."""

from collections.abc import Callable
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, PlainSerializer, ValidationInfo
from pydantic_core import PydanticCustomError

from mockletta.faults.fault import Fault
from mockletta.faults.parsing import BadFault, Operations, parse_fault, parse_planned
from mockletta.script.value_types import Json


def _parsed(parse: Callable[[object], Fault], spelled: Json) -> Fault:
    """Parse a fault. An error is located at the wrong key."""
    try:
        return parse(spelled)
    except BadFault as error:
        at = [error.place] if isinstance(spelled, dict) and error.place in spelled else []
        reason = error.reason if at else str(error)
        raise PydanticCustomError("fault", "{reason}", {"reason": reason, "at": at}) from error


def _of_rule(spelled: Json) -> Fault:
    return _parsed(parse_fault, spelled)


def _planned(spelled: dict[str, Json], info: ValidationInfo) -> Fault:
    operations: Operations | None = info.context
    return _parsed(lambda raw: parse_planned(raw, operations), spelled)


RuleFault: TypeAlias = Annotated[Json, AfterValidator(_of_rule), PlainSerializer(Fault.spelled)]
"""A fault of one response: a mapping or a line."""
PlannedFault: TypeAlias = Annotated[
    dict[str, Json], AfterValidator(_planned), PlainSerializer(Fault.spelled)
]
"""A fault that says which requests it applies to. Its operations are checked if the context of the
validation is a function that returns them."""
