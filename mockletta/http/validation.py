"""Validates the parts of a request, and lists their errors in a bounded time.

A body of 10 MB can have millions of errors, which the recorded server lists all. Here the first
MOST_LISTED are listed, with a last entry that says so. A part of a large body is therefore checked
first: if it is wrong, the body is refused before it is parsed completely.
"""

from collections.abc import Callable
from itertools import islice

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json

from mockletta.http.bodies import has_too_many_values
from mockletta.http.path_patterns import ErrorDetail

NO_INPUT = {"query", "form"}
"""Places whose missing values are reported without the input."""
MOST_LISTED = 1_000
MOST_BYTES = 1024 * 1024
"""The most characters of all inputs that are quoted in errors."""
LONGEST_INPUT = 1_000
"""The quoted characters of an input that would exceed this limit."""
LARGE = 64 * 1024
"""The size in bytes from which a body is first checked in part, and of the first part."""
GROWTH = 4
"""The factor by which the next part is longer."""


def validate(
    model: type[BaseModel],
    value: object,
    place: str,
    errors: list[ErrorDetail],
    size: int = 0,
    allows_host: Callable[[str], bool] | None = None,
) -> object:
    """Return a valid value as its model, or add its errors to the list.

    `size` is that of its JSON text, in bytes. URLs may name hosts of internal networks that
    `allows_host`.
    """
    try:
        return model.__pydantic_validator__.validate_python(value, context=allows_host)
    except ValidationError:
        pass  # again, since these errors are not worded as the server's are
    invalid = _invalid(model, value, allows_host)
    if isinstance(invalid, ValidationError):
        errors += _details(invalid.errors(include_url=False), place, size)
        return None
    return invalid


def early_errors(model: type[BaseModel], body: bytes) -> list[ErrorDetail]:
    """Return the errors in the beginning of a large JSON text, if there are at least MOST_LISTED.

    A field of the body that is missing in the beginning can follow later, so it is not an error.
    """
    size = LARGE
    while size < len(body) and not has_too_many_values(body[:size]):
        found = [error for error in _errors_in(model, body[:size]) if not _is_missing_field(error)]
        if len(found) >= MOST_LISTED:
            return _details(found, "body", len(body))
        size *= GROWTH
    return []


def _errors_in(model: type[BaseModel], beginning: bytes) -> list[ErrorDetails]:
    try:
        value = from_json(beginning, allow_partial=True)
    except ValueError:
        return []  # parsing the whole body finds this error too
    invalid = _invalid(model, value)
    if not isinstance(invalid, ValidationError) or invalid.error_count() < MOST_LISTED:
        return []
    return invalid.errors(include_url=False)


def _invalid(
    model: type[BaseModel], value: object, allows_host: Callable[[str], bool] | None = None
) -> object:
    """Return the error for a value, or its model if it is valid."""
    try:
        return model.__pydantic_validator__.validate_python(
            value, from_attributes=True, context=allows_host
        )
    except ValidationError as invalid:
        return invalid.with_traceback(None)  # it would refer to itself by the callers' variables


def _is_missing_field(error: ErrorDetails) -> bool:
    return error["type"] == "missing" and len(error["loc"]) == 1


def _details(found: list[ErrorDetails], place: str, size: int) -> list[ErrorDetail]:
    where = "body" if place == "form" else place
    count = len(found)
    details: list[ErrorDetail] = []
    left = MOST_BYTES
    for error in islice(found, MOST_LISTED):
        detail: ErrorDetail = {**error, "loc": (where, *error["loc"])}
        if place in NO_INPUT and error["type"] == "missing":
            detail["input"] = None
        if size > LARGE:
            left = _shorten(detail, left)
        details.append(detail)
    if count > MOST_LISTED:
        details.append(
            {
                "type": "too_many_errors",
                "loc": (where,),
                "msg": f"{MOST_LISTED} errors are listed of at least {count}",
                "input": None,
            }
        )
    return details


def _shorten(detail: ErrorDetail, left: int) -> int:
    """Shorten the input of an error if it is larger than the rest of the limit. Return the new
    rest."""
    shown = repr(detail["input"])
    if len(shown) > left:
        detail["input"] = f"{shown[:LONGEST_INPUT]}…"
        return left
    return left - len(shown)
