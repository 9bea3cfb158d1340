"""Block items: what changes of a memory block, in the block's own style."""

import pytest

from mockletta.default_brain.memory.block_items import (
    items_of,
    revalued,
    with_things,
    without,
)
from mockletta.default_brain.memory.memory_blocks import meant


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("Name: Al. Plays chess.", ["Name: Al.", "Plays chess."]),
        ("- tea\n  2. oat milk\n- [x] rye", ["tea", "oat milk", "rye"]),
        ("Members: Ann, Bob and Cy.", ["Ann", "Bob", "Cy"]),
        ("theme: light; units: metric", ["theme: light", "units: metric"]),
        ("Cat: Rex, a beagle", ["Cat: Rex, a beagle"]),
        ("I saw Dr. Lee at 5.30 today.", ["I saw Dr. Lee at 5.30 today."]),
    ],
)
def test_a_block_has_sentences_keys_and_things(value: str, items: list[str]) -> None:
    assert [one.text for one in items_of(value)] == items


def test_a_thing_of_a_list_is_read_with_its_key() -> None:
    ann, bob = items_of("Members: Ann, Bob")
    assert (ann.whole, bob.whole, bob.key, bob.subject) == ("Members: Ann", "Members: Bob", "", "")


@pytest.mark.parametrize(
    ("value", "topic", "left"),
    [
        ("milk, eggs, bread", "egg", "milk, bread"),
        ("tea; milk", "tea", "milk"),
        ("- call the bank\n- fix the gate", "bank", "- fix the gate"),
        ("# Jobs\r\n\r\n- call the bank\r\n\r\n- fix it", "bank", "# Jobs\r\n\r\n- fix it"),
        ("Name: Al. Allergic to cats. Plays chess.", "cat", "Name: Al. Plays chess."),
        ("Lives in Rome and has a dog.", "dog", "Lives in Rome."),
        ("rye | tea | oats", "tea", "rye | oats"),
        ("tea", "tea", ""),
        ("tea", "milk", "tea"),
    ],
)
def test_what_is_removed_leaves_the_rest_as_it_was(value: str, topic: str, left: str) -> None:
    assert without(value, meant(value, topic), frozenset({topic})) == left


def test_several_things_are_removed_at_once() -> None:
    value = "Trip: tent, stove, map\nHome: tea"
    gone = [one for one in items_of(value) if one.text in {"tent", "stove", "map"}]
    assert without(value, gone) == "Home: tea"
    assert without(value, gone[:2]) == "Trip: map\nHome: tea"


@pytest.mark.parametrize(
    ("value", "more"),
    [
        ("", "tea"),
        ("milk, eggs", "milk, eggs, tea"),
        ("milk", "milk, tea"),
        ("- milk", "- milk\n- tea"),
        ("1. milk\n2. eggs\n", "1. milk\n2. eggs\n3. tea\n"),
        ("- [x] milk", "- [x] milk\n- [ ] tea"),
        ("milk\neggs", "milk\neggs\ntea"),
        ("rye | oats", "rye | oats | tea"),
        ("Drinks: milk; eggs.", "Drinks: milk; eggs; tea."),
    ],
)
def test_a_list_goes_on_in_its_own_form(value: str, more: str) -> None:
    assert with_things(value, ["tea"]) == more


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
        ("- [ ] wash the car", "car", "(done)", "- [x] wash the car"),
        ("- wash the car", "car", "(done)", "- wash the car (done)"),
        ("Report: in progress", "report", "(done)", "Report: done"),
        ("Blue hat", "hat", "at noon", "It is new."),
    ],
)
def test_a_new_value_takes_the_place_of_the_old(
    value: str, topic: str, new: str, changed: str
) -> None:
    item = meant(value, topic)[0]
    assert revalued(item, frozenset({topic}), new, "It is new.") == changed


def test_a_long_block_is_read_soon() -> None:
    value = "My tea is green.\n" * 6000
    assert without(value, meant(value, "milk")) == value
