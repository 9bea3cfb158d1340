"""Indexes by the values that lists are filtered by."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from mockletta.state import table
from mockletta.state.table import Table


@dataclass(frozen=True)
class Shirt:
    id: str
    colours: tuple[str, ...]


def shirts() -> Table[Shirt]:
    rows = Table(Shirt, "Shirt", filters={"colours": lambda shirt: shirt.colours})
    for number, colours in enumerate([("red",), ("red", "blue"), (), ("blue",)]):
        rows.add(Shirt(f"shirt-{number}", colours))
    return rows


def found(rows: Table[Shirt], colour: str) -> Iterable[str]:
    return [row.id for row in rows.filtered("colours", colour).scan(None, None, reverse=False)]


def test_rows_are_found_by_each_of_their_values_in_order_of_arrival() -> None:
    rows = shirts()

    assert found(rows, "red") == ["shirt-0", "shirt-1"]
    assert found(rows, "blue") == ["shirt-1", "shirt-3"]
    assert found(rows, "green") == []


def test_an_index_follows_every_change() -> None:
    rows = shirts()
    assert found(rows, "red") == ["shirt-0", "shirt-1"]

    rows.replace(Shirt("shirt-0", ("blue",)))
    rows.replace(Shirt("shirt-1", ("red", "blue")))
    rows.add(Shirt("shirt-4", ("red",)))
    rows.remove("shirt-3")

    assert found(rows, "red") == ["shirt-1", "shirt-4"]
    assert found(rows, "blue") == ["shirt-0", "shirt-1"]
    rows.remove("shirt-1")
    rows.remove("shirt-4")
    assert found(rows, "red") == []


def test_of_very_many_rows_all_are_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MANY", 1)

    assert found(shirts(), "red") == [f"shirt-{number}" for number in range(4)]


def test_a_copy_has_an_index_of_its_own() -> None:
    rows = shirts()
    assert found(rows, "red") == ["shirt-0", "shirt-1"]

    copy = rows.copy()
    copy.remove("shirt-0")

    assert found(rows, "red") == ["shirt-0", "shirt-1"]
    assert found(copy, "red") == ["shirt-1"]
