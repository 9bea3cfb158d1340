"""What is wrong with a request is listed, in a bounded number and size."""

from typing import Any

import pytest

from mockletta.errors import BadRequest
from mockletta.http import validation
from mockletta.http.validation import LONGEST_INPUT, MOST_LISTED, validate
from mockletta.wire.base import Body

LARGE = 1_000_000
"""The size of a JSON text whose value is worth a look before it is validated."""


class Shopping(Body):
    items: list[str] = []
    prices: dict[str, int] = {}
    shop: str = "any"
    by: str


def wrong(value: object, size: int = LARGE) -> list[dict[str, Any]]:
    errors: list[dict[str, Any]] = []
    assert validate(Shopping, value, "body", errors, size) is None
    return errors


@pytest.mark.parametrize("size", [0, LARGE])
def test_the_first_thousand_errors_are_listed(size: int) -> None:
    errors = wrong({"items": [1] * (MOST_LISTED + 1), "by": "me"}, size)

    assert [error["loc"] for error in errors[:-1]] == [
        ("body", "items", number) for number in range(MOST_LISTED)
    ]
    assert errors[-1] == {
        "type": "too_many_errors",
        "loc": ("body",),
        "msg": "1000 errors are listed of at least 1001",
        "input": None,
    }


def test_of_very_many_values_only_the_beginning_is_validated() -> None:
    errors = wrong({"items": [1] * 2_000_000, "by": "me"})

    assert errors[-1]["msg"] == "1000 errors are listed of at least 4998"
    assert {error["type"] for error in errors[:-1]} == {"string_type"}


def test_errors_behind_many_valid_values_are_found() -> None:
    errors = wrong({"items": ["a"] * 10_000 + [1] * 50_000, "by": "me"})

    assert errors[0]["loc"] == ("body", "items", 10_000)
    assert len(errors) == MOST_LISTED + 1


def test_a_field_after_many_values_is_not_missing() -> None:
    prices = {f"item {number}": "?" for number in range(10_000)}

    assert {error["loc"][1] for error in wrong({"prices": prices, "by": "me"})[:-1]} == {"prices"}


def test_a_large_valid_body_is_valid() -> None:
    errors: list[dict[str, object]] = []
    value = {"items": ["a"] * 30_000, "by": "me"}

    assert validate(Shopping, value, "body", errors, LARGE) == Shopping(**value)  # type: ignore[arg-type]
    assert errors == []


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "MOST_VALUES", 20_000)

    with pytest.raises(BadRequest, match="The body has more than 20000 values"):
        wrong({"items": ["a"] * 20_001, "by": "me"})


def test_large_inputs_are_shortened() -> None:
    errors = wrong({"items": ["a" * 2_000_000], "shop": {"a": "b" * 2_000_000}, "by": [1]})

    assert errors[0]["input"] == f"{{'a': '{'b' * LONGEST_INPUT}"[:LONGEST_INPUT] + "…"
    assert errors[1]["input"] == [1]


def test_a_missing_value_of_a_query_is_reported_without_the_input() -> None:
    errors: list[dict[str, Any]] = []
    validate(Shopping, {}, "query", errors)
    validate(Shopping, {}, "form", errors)

    assert [(error["loc"], error["input"]) for error in errors] == [
        (("query", "by"), None),
        (("body", "by"), None),
    ]
