"""What is wrong with a request is listed, in a bounded number and size."""

import gc
import json
from types import SimpleNamespace
from typing import Any

import pytest

from mockletta.http.validation import (
    LARGE,
    LONGEST_INPUT,
    MOST_LISTED,
    early_errors,
    validate,
)
from mockletta.wire.base import Body


class Shopping(Body):
    items: list[str] = []
    prices: dict[str, int] = {}
    shop: str = "any"
    by: str


def wrong(value: object, size: int = 0) -> list[dict[str, Any]]:
    errors: list[dict[str, Any]] = []
    assert validate(Shopping, value, "body", errors, size) is None
    return errors


def early(value: object) -> list[dict[str, Any]]:
    return early_errors(Shopping, json.dumps(value).encode())


def test_the_first_thousand_errors_are_listed() -> None:
    errors = wrong({"items": [1] * (MOST_LISTED + 1), "by": "me"})

    assert [error["loc"] for error in errors[:-1]] == [
        ("body", "items", number) for number in range(MOST_LISTED)
    ]
    assert errors[-1] == {
        "type": "too_many_errors",
        "loc": ("body",),
        "msg": "1000 errors are listed of at least 1001",
        "input": None,
    }


def test_errors_leave_no_garbage() -> None:
    gc.collect()
    gc.disable()
    wrong({"items": [1], "by": "me"})
    left = gc.collect()
    gc.enable()

    assert left == 0


def test_only_the_beginning_of_a_body_with_very_many_errors_is_read() -> None:
    errors = early_errors(Shopping, b'{"items": [' + b"1," * 5_000_000)

    assert errors[-1]["msg"] == "1000 errors are listed of at least 32763"
    assert {error["type"] for error in errors[:-1]} == {"string_type"}


def test_errors_behind_many_valid_values_are_found_early_too() -> None:
    errors = early({"items": ["a"] * 30_000 + [1] * 100_000, "by": "me"})

    assert errors[0]["loc"] == ("body", "items", 30_000)
    assert len(errors) == MOST_LISTED + 1


def test_a_field_after_many_values_is_not_missing() -> None:
    errors = early({"prices": {f"item {number}": "?" for number in range(10_000)}, "by": "me"})

    assert {error["loc"][1] for error in errors[:-1]} == {"prices"}


@pytest.mark.parametrize(
    "body",
    [
        {"items": ["a"] * 30_000, "by": "me"},
        {"items": ["a"] * 300_000},
        {"items": [1] * 900, "shop": "a" * 100_000},
        {"items": [1] * 5},
    ],
)
def test_a_body_with_few_errors_is_read_as_a_whole(body: object) -> None:
    assert early(body) == []


def test_a_body_that_is_no_json_is_left_to_the_parser() -> None:
    assert early_errors(Shopping, b'{"items": ?' + b" " * LARGE) == []


def test_large_inputs_are_shortened() -> None:
    value = {"items": ["a" * 2_000_000], "shop": {"a": "b" * 2_000_000}, "by": [1]}
    errors = wrong(value, LARGE + 1)

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


def test_a_value_with_the_attributes_of_a_model_is_one() -> None:
    errors: list[Any] = []
    found = validate(Shopping, SimpleNamespace(by="Ada"), "body", errors)

    assert (found, errors) == (Shopping(by="Ada"), [])
