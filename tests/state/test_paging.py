"""Pages: relative to the requested order, and in the ways the recorded server had."""

from dataclasses import dataclass

import pytest

from mockletta.state.paging import ListView, Order, Page, SortedNames, paginate


@dataclass(frozen=True)
class Row:
    id: str


LETTERS = ListView([Row(letter) for letter in "abcdefg"])


def ids(page: Page) -> str:
    return "".join(row.id for row in paginate(LETTERS, page))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (Page(), "abcdefg"),
        (Page(3), "abc"),
        (Page(3, "desc"), "gfe"),
        (Page(3, after="b"), "cde"),
        (Page(3, "desc", after="d"), "cba"),
        (Page(3, after="g"), ""),
        (Page(3, before="f"), "cde"),
        (Page(3, "desc", before="c"), "fed"),
        (Page(3, before="a"), ""),
        (Page(3, "desc", before="g"), ""),
        (Page(3, after="b", before="g"), "cde"),
        (Page(3, "desc", after="f", before="a"), "edc"),
        (Page(3, after="e", before="c"), ""),
        (Page(0), ""),
        (Page(100, after="f"), "g"),
    ],
)
def test_cursors_are_relative_to_the_requested_order(page: Page, expected: str) -> None:
    assert ids(page) == expected


@pytest.mark.parametrize(("order", "expected"), [("asc", "ab"), ("desc", "gf")])
def test_an_unknown_cursor_is_no_bound(order: Order, expected: str) -> None:
    assert ids(Page(2, order, after="?")) == expected


def test_before_an_unknown_cursor_is_the_end_of_the_list() -> None:
    assert ids(Page(2, before="?")) == "fg"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (Page(2, "desc", after="c", cursors="chronological"), "gf"),
        (Page(2, "desc", before="f", cursors="chronological"), "ed"),
        (Page(2, "asc", after="c", cursors="chronological"), "de"),
        (Page(2, "asc", before="f", cursors="chronological"), "ab"),
        (Page(2, "desc", after="c", cursors="inverted"), "gf"),
        (Page(2, "desc", before="f", cursors="inverted"), "ed"),
        (Page(2, "asc", after="c", cursors="inverted"), "ab"),
        (Page(2, "asc", before="c", cursors="inverted"), "de"),
        (Page(2, before="f", before_takes_first=True), "ab"),
        (Page(2, "desc", before="c", before_takes_first=True), "gf"),
        (Page(2, "desc", oldest_first=True), "fg"),
        (Page(2, "asc", oldest_first=True), "ab"),
    ],
)
def test_a_page_can_be_cut_as_the_recorded_server_did(page: Page, expected: str) -> None:
    assert ids(page) == expected


def test_rows_are_chosen_before_they_are_counted() -> None:
    rows = paginate(LETTERS, Page(2, after="a"), keep=lambda row: row.id in "bdf")

    assert rows == [Row("b"), Row("d")]


@pytest.mark.parametrize(("order", "expected"), [("asc", "abcdefg"), ("desc", "gfedcba")])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_paging_forth_reaches_every_row_once(order: Order, expected: str, limit: int) -> None:
    seen = ids(Page(limit, order))
    while batch := ids(Page(limit, order, after=seen[-1])):
        seen += batch

    assert seen == expected


@pytest.mark.parametrize(("order", "expected"), [("asc", "abcdefg"), ("desc", "gfedcba")])
@pytest.mark.parametrize("limit", [1, 2, 3, 6])
def test_paging_back_reaches_every_row_once(order: Order, expected: str, limit: int) -> None:
    seen = expected[-1]
    while batch := ids(Page(limit, order, before=seen[0])):
        seen = batch + seen

    assert seen == expected


A, B, C = Row("a"), Row("b"), Row("c")


def test_a_row_has_the_place_it_was_given() -> None:
    view = ListView([C, A])

    assert (view.key("c"), view.key("a"), view.key("b")) == (0, 1, None)


def test_a_scan_leaves_out_both_its_ends() -> None:
    view = ListView([A, B, C])

    assert list(view.scan(0, 2, reverse=False)) == [B]
    assert list(view.scan(None, None, reverse=True)) == [C, B, A]


def test_a_list_and_names_are_frozen_already() -> None:
    names = SortedNames("ab")
    assert (LETTERS.frozen(), names.frozen()) == (LETTERS, names)
