"""From what a handler returns to bytes."""

import asyncio
from collections.abc import Callable

import pytest
from pydantic import BaseModel, Field

from mockletta.http import rendering
from mockletta.http.rendering import LongList, Rendered, join, render


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


def test_a_long_list_is_rendered_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "ITEMS_AT_ONCE", 2)
    pieces: list[bytes] = []

    def run(make: Callable[[], bytes]) -> bytes:
        pieces.append(make())
        return pieces[-1]

    assert asyncio.run(LongList(range(5), run).render()) == Rendered(b"[0,1,2,3,4]")
    assert pieces == [b"0,1", b"2,3", b"4", b""]
    assert asyncio.run(LongList([], run).render()) == Rendered(b"[]")
