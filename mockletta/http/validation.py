"""Validates what a request brings, and lists what is wrong with it in a bounded time.

A body of 10 MB can have millions of errors, which the recorded server lists all. Here the first
MOST_LISTED are listed, with a last entry that says so. A body with very many values is therefore
first validated in part.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from pydantic import BaseModel, ValidationError

from mockletta.errors import BadRequest
from mockletta.http.path_patterns import ErrorDetail

NO_INPUT = {"query", "form"}
"""Places whose missing values are reported without the input."""
MOST_LISTED = 1_000
MOST_BYTES = 1024 * 1024
"""The size of all inputs that are quoted in errors."""
LONGEST_INPUT = 1_000
"""The characters that are quoted of an input when all of it would be too much."""
FEW_VALUES = 5_000
MOST_VALUES = 1_000_000
"""Values in a body: texts, numbers, lists, objects."""
GROWTH = 4


def validate(
    model: type[BaseModel],
    value: object,
    place: str,
    errors: list[ErrorDetail],
    size: int = 0,
    allows_host: Callable[[str], bool] | None = None,
) -> object:
    """Return a valid value as its model, else add what is wrong with it to the errors. `size` is
    that of its JSON text, in bytes. URLs may name hosts of internal networks that `allows_host`.

    Raises BadRequest for a value of more than MOST_VALUES values.
    """
    if size > FEW_VALUES:
        wrong = _wrong_beginning(model, value)
        if wrong is not None:
            errors += _details(wrong, place, size)
            return None
    try:
        return model.__pydantic_validator__.validate_python(value, context=allows_host)
    except ValidationError:
        pass  # again, since these errors are not worded as the server's are
    try:
        return model.__pydantic_validator__.validate_python(
            value, from_attributes=True, context=allows_host
        )
    except ValidationError as invalid:
        errors += _details(invalid, place, size)
        return None


def _wrong_beginning(model: type[BaseModel], value: object) -> ValidationError | None:
    """Return the errors in the beginning of a value, if there are at least MOST_LISTED."""
    most = FEW_VALUES
    while True:
        part = _Part(most, model.model_fields)
        beginning = part.of(value)
        if part.left > 0:
            return None
        if most >= MOST_VALUES:
            raise BadRequest(f"The body has more than {MOST_VALUES} values")
        try:
            model.__pydantic_validator__.validate_python(beginning, from_attributes=True)
        except ValidationError as invalid:
            if invalid.error_count() >= MOST_LISTED:
                return invalid
        most = min(most * GROWTH, MOST_VALUES)


class _Part:
    """The beginning of a value, up to a number of values. `left` is what is left of that number.

    Fields of the body are kept wherever they are, since they would be reported as missing.
    """

    def __init__(self, most: int, fields: Mapping[str, object]) -> None:
        self.left = most
        self._fields = fields

    def of(self, value: Any) -> Any:  # noqa: ANN401
        self.left -= 1
        if isinstance(value, list):
            return [self.of(item) for item in self._while_left(value)]
        if isinstance(value, dict):
            kept = {name: self.of(item) for name, item in self._while_left(value.items())}
            if len(kept) < len(value):
                late = self._fields.keys() & value.keys() - kept.keys()
                kept |= {name: self.of(value[name]) for name in late}
            return kept
        return value

    def _while_left(self, items: Iterable[Any]) -> Iterable[Any]:
        for item in items:
            if self.left <= 0:
                return
            yield item


def _details(invalid: ValidationError, place: str, size: int) -> list[ErrorDetail]:
    where = "body" if place == "form" else place
    count = invalid.error_count()
    details: list[ErrorDetail] = []
    left = MOST_BYTES
    for error in islice(invalid.errors(include_url=False), MOST_LISTED):
        detail: ErrorDetail = {**error, "loc": (where, *error["loc"])}
        if place in NO_INPUT and error["type"] == "missing":
            detail["input"] = None
        if size > FEW_VALUES:
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
    """Shorten the input of an error if it is larger than what is left. Return what is left then."""
    shown = repr(detail["input"])
    if len(shown) > left:
        detail["input"] = f"{shown[:LONGEST_INPUT]}…"
        return left
    return left - len(shown)
