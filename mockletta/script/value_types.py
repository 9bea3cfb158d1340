"""The values of a script: texts, names, durations, JSON, faults, and lists of these."""

import json
from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationInfo
from pydantic_core import PydanticCustomError

from mockletta.documents.duration_fields import Seconds
from mockletta.documents.hints import Operations
from mockletta.faults.fault import Fault
from mockletta.faults.parsing import BadFault, parse_fault, parse_planned

LONGEST_TEXT = 100_000
MOST_ALTERNATIVES = 100
LONGEST_WAIT = 24 * 3600.0

SEVERAL = Field(min_length=1, max_length=MOST_ALTERNATIVES)
"""The limits of a list of alternatives. A single value needs no list; see `as_tuple`."""


def as_tuple(value: object) -> object:
    """Return a list as a tuple, any other value as a tuple of one."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _is_json(value: object) -> object:
    try:
        size = len(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise PydanticCustomError(
            "json",
            "expected a JSON value: texts, finite numbers, true, false, null, lists, "
            "and mappings with texts as keys",
        ) from error
    if size > LONGEST_TEXT:
        raise PydanticCustomError("json", f"expected at most {LONGEST_TEXT} characters of JSON")
    return value


Text: TypeAlias = Annotated[str, Field(max_length=LONGEST_TEXT)]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=1000)]
Count: TypeAlias = Annotated[int, Field(strict=True, ge=1)]
Size: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
CheckedJson: TypeAlias = Annotated[Any, AfterValidator(_is_json)]
Duration: TypeAlias = Annotated[Seconds, Field(ge=0, le=LONGEST_WAIT, allow_inf_nan=False)]
Counts: TypeAlias = Annotated[
    tuple[Count, ...],
    SEVERAL,
    BeforeValidator(as_tuple, json_schema_input_type=Count | list[Count]),
]


def _parsed(parse: Callable[[object], Fault], spelled: CheckedJson) -> Fault:
    """Parse a fault. An error is located at the wrong key."""
    try:
        return parse(spelled)
    except BadFault as error:
        at = [error.place] if isinstance(spelled, dict) and error.place in spelled else []
        reason = error.reason if at else str(error)
        raise PydanticCustomError("fault", "{reason}", {"reason": reason, "at": at}) from error


def _of_rule(spelled: CheckedJson) -> Fault:
    return _parsed(parse_fault, spelled)


def _planned(spelled: dict[str, CheckedJson], info: ValidationInfo) -> Fault:
    operations: Operations | None = info.context
    return _parsed(lambda raw: parse_planned(raw, operations), spelled)


RuleFault: TypeAlias = Annotated[
    CheckedJson, AfterValidator(_of_rule), PlainSerializer(Fault.spelled)
]
"""A fault of one response: a mapping or a line."""
PlannedFault: TypeAlias = Annotated[
    dict[str, CheckedJson], AfterValidator(_planned), PlainSerializer(Fault.spelled)
]
"""A fault that says which requests it applies to. Its operations are checked if the context of the
validation is a function that returns them."""
