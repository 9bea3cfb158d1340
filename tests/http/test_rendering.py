"""From what a handler returns to bytes."""

import pytest
from pydantic import BaseModel, Field

from mockletta.http.rendering import Rendered, join, render


class Thing(BaseModel):
    name: str | None = None
    kind: str = Field(default="lid", serialization_alias="type")


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (None, b"null"),
        ({"message": "gone"}, b'{"message":"gone"}'),
        ("grün", '"grün"'.encode()),
        ([], b"[]"),
        (Thing(), b'{"name":null,"type":"lid"}'),
        ([Thing(name="é"), None, 1], '[{"name":"é","type":"lid"},null,1]'.encode()),
        (Rendered(b'{"as":"it is"}'), b'{"as":"it is"}'),
        ([Rendered(b"1"), [Rendered(b"2")]], b"[1,[2]]"),
    ],
)
def test_a_result_becomes_compact_json(result: object, expected: bytes) -> None:
    assert render(result) == expected


def test_items_that_are_json_already_are_joined() -> None:
    assert join([b"1", b'"two"']) == Rendered(b'[1,"two"]')
    assert join([]) == Rendered(b"[]")
