"""Memory calls: the smallest edit of a block, and what a change removed."""

from mockletta.default_brain.memory.memory_calls import edit, gone


def test_the_smallest_edit_is_found() -> None:
    assert edit("", "tea") == ("", "tea")
    assert edit("tea", "tea\nmilk") == ("", "milk")
    assert edit("Tea. Milk.", "Tea. Oats.") == ("Milk.", "Oats.")
    assert edit("tea tea", "tea") == ("tea tea", "tea")


def test_what_is_gone_has_nothing_in_its_place() -> None:
    assert gone("tea, milk", "tea") == ["milk"]
    assert gone("tea, milk", "tea, oats") == []
