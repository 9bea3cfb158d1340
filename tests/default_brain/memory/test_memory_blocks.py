"""Memory blocks: which of its items a name means."""

import pytest

from mockletta.default_brain.memory.memory_blocks import meant


@pytest.mark.parametrize(
    ("name", "items"),
    [
        ("the tea", ["buy tea"]),
        ("call Bo", ["call Bo"]),
        ("task 2", ["call Bo"]),
        ("1 and 3", ["buy tea", "buy ink"]),
        ("the last item", ["buy ink"]),
        ("the car", []),
    ],
)
def test_a_name_means_items_by_their_words_or_their_place(name: str, items: list[str]) -> None:
    assert [one.text for one in meant("1. buy tea\n2. call Bo\n3. buy ink", name)] == items


def test_the_words_of_a_label_name_no_item() -> None:
    assert [one.text for one in meant("tea list: rye, oats", "tea", frozenset({"tea"}))] == [
        "rye",
        "oats",
    ]
