"""Lists that are paged over as they are."""

from dataclasses import dataclass

from mockletta.state.list_views import ListView


@dataclass(frozen=True)
class Row:
    id: str


A, B, C = Row("a"), Row("b"), Row("c")


def test_a_row_has_the_place_it_was_given() -> None:
    view = ListView([C, A])

    assert (view.key("c"), view.key("a"), view.key("b")) == (0, 1, None)


def test_a_scan_leaves_out_both_its_ends() -> None:
    view = ListView([A, B, C])

    assert list(view.scan(0, 2, reverse=False)) == [B]
    assert list(view.scan(None, None, reverse=True)) == [C, B, A]
