"""Block items: what changes of a memory block, in the block's own style."""

import pytest

from mockletta.default_brain.memory.block_items import (
    revised,
    with_items,
    with_new_value,
    without,
)
from mockletta.default_brain.memory.memory_calls import edit, gone
from mockletta.default_brain.memory.ordered_blocks import meant


@pytest.mark.parametrize(
    ("value", "topic", "left"),
    [
        ("milk, eggs, bread", "egg", "milk, bread"),
        ("tea; milk", "tea", "milk"),
        ("- call the bank\n- fix the gate", "bank", "- fix the gate"),
        ("Name: Al. Allergic to cats. Plays chess.", "cat", "Name: Al. Plays chess."),
        ("Lives in Rome and has a dog.", "dog", "Lives in Rome."),
        ("rye | tea | oats", "tea", "rye | oats"),
        ("tea", "tea", ""),
        ("tea", "milk", "tea"),
    ],
)
def test_what_is_removed_leaves_the_rest_as_it_was(value: str, topic: str, left: str) -> None:
    assert without(value, meant(value, topic), frozenset({topic})) == left


@pytest.mark.parametrize(
    ("value", "more"),
    [
        ("milk, eggs", "milk, eggs, tea"),
        ("milk", "milk, tea"),
        ("- milk", "- milk\n- tea"),
        ("1. milk\n2. eggs", "1. milk\n2. eggs\n3. tea"),
        ("milk\neggs", "milk\neggs\ntea"),
        ("Drinks: milk; eggs.", "Drinks: milk; eggs; tea."),
    ],
)
def test_a_list_goes_on_in_its_own_form(value: str, more: str) -> None:
    assert with_items(value, ["tea"]) == more


@pytest.mark.parametrize(
    ("value", "topic", "new", "changed"),
    [
        ("Cat: Bella, a tabby", "cat", "Stella", "Cat: Stella, a tabby"),
        ("Read 20 books this year.", "book", "25", "Read 25 books this year."),
        ("My cat is called Bo.", "cat", "Al", "My cat is called Al."),
        ("Drinks: tea, milk", "drink", "juice", "Drinks: juice"),
        ("tea, oat milk", "milk", "juice", "tea, juice"),
        ("I like cats.", "cat", "dogs", "I like dogs."),
        ("theme: light; units: metric", "unit", "imperial", "theme: light; units: imperial"),
        ("hue = red | unit = m | size = 3", "unit", "ft", "hue = red | unit = ft | size = 3"),
        ("hue is red, unit is m", "unit", "ft", "hue is red, unit is ft"),
        ("- size: 3, unit: m, hue: red", "unit", "ft", "- size: 3, unit: ft, hue: red"),
        ('"unit": "metric",', "unit", "imperial", '"unit": "imperial",'),
        ("Blue hat", "hat", "at noon", "It is new."),
    ],
)
def test_a_new_value_takes_the_place_of_the_old(
    value: str, topic: str, new: str, changed: str
) -> None:
    assert (
        with_new_value(value, meant(value, topic)[0], frozenset({topic}), new, "It is new.")
        == changed
    )


@pytest.mark.parametrize(
    ("note", "changed"),
    [
        ("I now work at Halden.", "Name: Al\nEmployer: Halden\nLikes tea and chess."),
        ("My name is Bo.", "Name: Bo\nEmployer: Briggs\nLikes tea and chess."),
        ("I no longer like tea.", "Name: Al\nEmployer: Briggs\nLikes chess."),
        ("I like pie, not tea.", "Name: Al\nEmployer: Briggs\nLikes pie and chess."),
        ("You are Bo.", "Name: Al\nEmployer: Briggs\nLikes tea and chess."),
    ],
)
def test_a_note_changes_what_it_outdates(note: str, changed: str) -> None:
    value = "Name: Al\nEmployer: Briggs\nLikes tea and chess."
    assert revised(value, note, persona=False)[0] == changed


def test_what_is_denied_leaves_the_list_of_its_key() -> None:
    assert revised("Likes: tea, pie\npie, tea", "I no longer like pie.", persona=False) == (
        "Likes: tea\npie, tea",
        [],
    )


def test_what_a_note_shares_with_what_it_denies_is_written_once() -> None:
    told = revised("Allergic to nuts.\n-", "I am allergic to eggs, not nuts.", persona=False)
    assert told == ("Allergic to eggs.\n-", [])


def test_only_what_is_told_of_the_agent_changes_its_persona() -> None:
    assert revised("I am a cook.", "I am a baker.", persona=True)[0] == "I am a cook."
    assert revised("I am a cook.", "You are a baker.", persona=True)[0] == "I am a baker."


def test_the_smallest_edit_is_found() -> None:
    assert edit("", "tea") == ("", "tea")
    assert edit("tea", "tea\nmilk") == ("", "milk")
    assert edit("Tea. Milk.", "Tea. Oats.") == ("Milk.", "Oats.")
    assert edit("tea tea", "tea") == ("tea tea", "tea")


def test_what_is_gone_has_nothing_in_its_place() -> None:
    assert gone("tea, milk", "tea") == ["milk"]
    assert gone("tea, milk", "tea, oats") == []


def test_a_long_block_is_read_soon() -> None:
    value = "My tea is green.\n" * 6000
    assert without(value, meant(value, "milk")) == value
