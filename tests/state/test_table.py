"""Rows by id, and the orders lists are cut from."""

from dataclasses import dataclass, replace

import pytest

from mockletta.errors import RowNotFound
from mockletta.state import table as tables
from mockletta.state.table import Table


@dataclass(frozen=True)
class Row:
    id: str
    owner: str | None = None
    size: int = 0


A, B, C = Row("a", "x", 3), Row("b", "y", 1), Row("c", "x", 2)


def make_table(*rows: Row) -> Table[Row]:
    table: Table[Row] = Table(
        Row, "Row", scopes={"owner": lambda row: row.owner}, sorts={"size": lambda row: row.size}
    )
    for row in rows:
        table.add(row)
    return table


def scan(table: Table[Row], scope: tuple[str, str] | None = None, sort: str = "") -> list[Row]:
    return list(table.view(scope, sort).scan(None, None, reverse=False))


def test_a_row_is_found_by_its_id() -> None:
    table = make_table(A, B)

    assert (table.get("a"), table.find("b"), table.find("c")) == (A, B, None)
    assert ("a" in table, "c" in table, len(table)) == (True, False, 2)


@pytest.mark.parametrize("sort", ["", "size"])
def test_a_view_can_be_frozen(sort: str) -> None:
    table = make_table(A, B, C)
    view = table.view(("owner", "x"), sort).frozen()
    before = list(view.scan(None, None, reverse=False))

    table.remove("a")
    table.replace(replace(C, size=9))
    table.add(Row("d", "x"))

    assert list(view.scan(None, None, reverse=False)) == before
    assert scan(table, ("owner", "x")) == [replace(C, size=9), Row("d", "x")]


def test_a_missing_row_is_told_by_the_noun_of_its_table() -> None:
    with pytest.raises(RowNotFound, match=r"Row not found with id='\['c'\]'"):
        make_table(A).get("c")


def test_rows_come_in_order_of_arrival() -> None:
    table = make_table(C, A, B)

    assert (list(table), scan(table)) == ([C, A, B], [C, A, B])


def test_a_scope_has_only_its_own_rows() -> None:
    table = make_table(A, B, C)

    assert scan(table, ("owner", "x")) == table.all(("owner", "x")) == [A, C]
    assert (table.count(("owner", "x")), table.count(("owner", "z"))) == (2, 0)
    assert table.all(("owner", "z")) == []


def test_a_scope_is_counted_again_after_every_change() -> None:
    table = make_table(A, B)
    counts = [table.count(("owner", "x"))]
    for number in range(2 * tables.FEW_NEW):
        table.add(Row(f"new {number}", "x"))
        counts.append(table.count(("owner", "x")))
    copy = table.copy()
    table.remove("a")
    copy.add(C)

    assert counts == list(range(1, len(counts) + 1))
    assert (table.count(("owner", "x")), table.count(("owner", "y"))) == (len(counts) - 1, 1)
    assert copy.count(("owner", "x")) == len(counts) + 1


def test_a_row_without_the_column_is_in_no_scope_of_it() -> None:
    table = make_table(Row("d"))

    assert scan(table) == [Row("d")]


def test_rows_come_in_order_of_a_key() -> None:
    table = make_table(A, B, C)

    assert scan(table, sort="size") == [B, C, A]
    assert scan(table, ("owner", "x"), "size") == [C, A]


def test_arrival_breaks_ties() -> None:
    second, first = Row("a", size=1), Row("b", size=1)
    table = make_table(first, second)

    assert scan(table, sort="size") == [first, second]


def test_an_order_that_was_asked_for_is_kept_up_to_date() -> None:
    table = make_table(A, B)
    scan(table, sort="size")

    table.add(C)
    table.replace(replace(B, size=9))
    table.remove("a")

    assert scan(table, sort="size") == [C, replace(B, size=9)]
    assert scan(table, ("owner", "x"), "size") == [C]


def test_a_changed_row_keeps_its_place_of_arrival() -> None:
    table = make_table(A, B)
    changed = replace(A, size=7)

    assert table.replace(changed) is changed
    assert (table.get("a"), scan(table)) == (changed, [changed, B])


def test_a_removed_row_leaves_every_list() -> None:
    table = make_table(A, B)

    assert table.remove("a") is A
    assert (list(table), scan(table), table.all(("owner", "x"))) == ([B], [B], [])


def test_the_last_row_of_a_scope_leaves_its_orders_too() -> None:
    table = make_table(A, B)
    scan(table, ("owner", "x"), "size")

    table.remove("a")

    assert (scan(table, ("owner", "x"), "size"), scan(table, sort="size")) == ([], [B])


def test_a_row_that_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(RowNotFound):
        make_table().remove("a")


def test_a_view_knows_the_place_of_every_row_of_its_table() -> None:
    view = make_table(A, B, C).view(("owner", "x"))

    assert view.key("b") is not None
    assert view.key("d") is None
    assert list(view.scan(view.key("b"), None, reverse=False)) == [C]


def test_a_scan_leaves_out_both_its_ends() -> None:
    view = make_table(A, B, C).view()

    assert list(view.scan(view.key("a"), view.key("c"), reverse=False)) == [B]


def test_a_scan_can_go_backwards() -> None:
    view = make_table(A, B, C).view()

    assert list(view.scan(None, view.key("c"), reverse=True)) == [B, A]


def test_a_copy_has_the_same_rows_in_the_same_orders() -> None:
    table = make_table(A, B, C)
    scan(table, sort="size")

    copy = table.copy()

    assert (list(copy), scan(copy, ("owner", "x")), len(copy)) == ([A, B, C], [A, C], 3)
    assert scan(copy, sort="size") == scan(table, sort="size") == [B, C, A]


def test_a_copy_and_its_table_go_on_by_themselves() -> None:
    table = make_table(A, B)
    copy = table.copy()

    table.add(C)
    copy.replace(replace(A, size=9))
    copy.remove("b")
    copy.add(Row("d", "x"))

    assert (list(table), scan(table, ("owner", "x"))) == ([A, B, C], [A, C])
    assert list(copy) == scan(copy, ("owner", "x")) == [replace(A, size=9), Row("d", "x")]


def test_the_quickest_way_to_a_row_leads_into_its_own_table() -> None:
    table = make_table(A)
    copy = table.copy()

    table.replace(replace(A, size=1))
    copy.replace(replace(A, size=2))

    assert (table.row("a").size, copy.row("a").size) == (1, 2)


def test_a_copy_of_a_copy_knows_who_came_first() -> None:
    table = make_table(A)
    copy = table.copy().copy()

    copy.add(B)

    assert copy.in_order(["b", "a"]) == [A, B]


def test_many_new_rows_are_listed_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_UNLISTED", 3)
    made = [Row(f"row-{number}", "x" if number % 2 else "y") for number in range(9)]
    table = make_table(*made)

    assert list(table) == made
    assert table.all(("owner", "x")) == made[1::2]


@pytest.mark.parametrize("most", [2, 10_000])
def test_a_scope_lists_very_many_rows_in_order(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """They are listed when many wait, or when the list is read."""
    monkeypatch.setattr("mockletta.state.table.MOST_UNLISTED", most)
    rows = [Row(f"row-{number}", "x") for number in range(600)]

    assert make_table(*rows).all(("owner", "x")) == rows


def test_a_copy_lists_the_rows_that_its_original_had_not_listed() -> None:
    table = make_table(A, B)
    copy = table.copy()
    copy.add(C)

    assert (copy.all(("owner", "x")), table.all(("owner", "x"))) == ([A, C], [A])


@pytest.mark.parametrize("size", [3, 40])
def test_a_scope_that_grew_row_by_row_is_not_shared_with_a_copy(size: int) -> None:
    table, rows = make_table(), [Row(f"{number:03}", "x") for number in range(size)]
    for number, row in enumerate(rows, 1):
        table.add(row)
        assert len(table.all(("owner", "x"))) == number
    other = table.copy()
    other.add(Row("more", "x"))
    assert scan(other, ("owner", "x")) == [*rows, Row("more", "x")]
    table.remove("001")

    assert scan(other, ("owner", "x")) == [*rows, Row("more", "x")]
    assert scan(table, ("owner", "x")) == [row for row in rows if row.id != "001"]


def test_rows_of_older_batches_are_found_and_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_UNLISTED", 3)
    rows = [Row(f"row-{number}", "x" if number % 2 else "y") for number in range(20)]
    table = make_table(*rows)
    view = table.view(("owner", "x"))
    assert len(table._batches) > 2
    assert list(view.scan(view.key("row-3"), view.key("row-9"), reverse=False)) == rows[5:9:2]

    for number in (3, 1, 4):
        table.remove(f"row-{number}")

    assert scan(table, ("owner", "x")) == rows[5::2]
    assert scan(table) == [rows[0], rows[2], *rows[5:]]
    assert table.in_order(["row-19", "row-0", "row-6"]) == [rows[0], rows[6], rows[19]]


@pytest.mark.parametrize("size", [5, 40])
def test_a_scope_loses_its_rows_one_by_one(size: int) -> None:
    rows = [Row(f"{number:03}", "x") for number in range(size)]
    table = make_table(*rows)
    for row in [*rows[1::2], *rows[::2]]:
        assert row in table.all(("owner", "x"))
        table.remove(row.id)
        assert row not in table.all(("owner", "x"))

    assert [batch.keys for batch in table._batches] == [{}]


def test_only_rows_that_exist_are_returned_for_ids() -> None:
    assert make_table(A, B, C).existing(["c", "d", "a"]) == [C, A]
