"""Rows are made from their short form when they are first read."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from mockletta.errors import RowNotFound
from mockletta.state.lazy_rows import LazyTable


@dataclass(frozen=True)
class Line:
    id: str
    page: str
    text: str


@dataclass
class ShortLine:
    id: str
    page: str
    text: str = "?"
    made: int = 0

    def make(self) -> Line:
        self.made += 1
        return Line(self.id, self.page, self.text)


def make_table(*rows: ShortLine) -> LazyTable[Line]:
    table = LazyTable(Line, "Line", scopes={"page": lambda line: line.page})
    for row in rows:
        table.add_lazily(row)
    return table


@pytest.mark.parametrize(
    "read",
    [
        lambda table: table.get("a"),
        lambda table: table.find("a"),
        lambda table: table.row("a"),
        lambda table: table.existing(["a", "b"])[0],
        lambda table: next(iter(table)),
        lambda table: table.in_order(["a"])[0],
        lambda table: table.all(("page", "1"))[0],
        lambda table: table.copy().get("a"),
        lambda table: table.remove("a"),
    ],
)
def test_every_reader_gets_a_made_row(read: Callable[[LazyTable[Line]], Line]) -> None:
    assert read(make_table(ShortLine("a", "1"))) == Line("a", "1", "?")


def test_a_row_is_made_once() -> None:
    short = ShortLine("a", "1")
    table = make_table(short)

    assert table.get("a") is table.get("a")
    assert short.made == 1


def test_a_row_that_nobody_reads_is_not_made() -> None:
    short = ShortLine("a", "1")
    table = make_table(short)

    assert (len(table), "a" in table, table.count(("page", "1"))) == (1, True, 1)
    assert (table.stored("a"), short.made) == (short, 0)


def test_a_lazy_row_replaces_another_one_or_a_made_one() -> None:
    table = make_table(ShortLine("a", "1"), ShortLine("b", "1"))
    table.get("b")

    for row_id in ("a", "b"):
        table.replace_lazily(ShortLine(row_id, "1", "new"))

    assert [line.text for line in table.all(("page", "1"))] == ["new", "new"]


def test_a_copy_makes_rows_of_its_own() -> None:
    table = make_table(ShortLine("a", "1"))
    copy = table.copy()
    table.replace(Line("a", "1", "changed"))

    assert (copy.get("a").text, table.get("a").text) == ("?", "changed")


def test_a_row_that_does_not_exist_is_not_found() -> None:
    assert make_table().find("a") is None
    with pytest.raises(RowNotFound):
        make_table().stored("a")


def test_a_table_is_freed_with_its_last_reference() -> None:
    table = make_table(ShortLine("a", "1"))
    copy = table.copy()
    references = weakref.ref(table), weakref.ref(copy)
    del table, copy

    assert [reference() for reference in references] == [None, None]
