"""Memory orders: what a sentence wants kept, changed or forgotten."""

import pytest

from mockletta.language.memory_orders import MemoryOrder as Order
from mockletta.language.memory_orders import memory_order, memory_orders, parted


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ("Remember that I like tea.", Order("add", "I like tea.")),
        ("Please keep in mind that I like tea", Order("add", "I like tea")),
        ("Don't forget I like tea", Order("add", "I like tea")),
        ("jot this down: I like tea", Order("add", "I like tea")),
        ("Add to your memory that I like tea", Order("add", "I like tea", target="your memory")),
        ("update your memory: I like tea", Order("add", "I like tea", target="your memory")),
        ("Note to self: buy tea", Order("add", "I have to buy tea")),
        ("Save that, please", Order("add", soft=True)),
        ("Can you save my birthday?", Order("add", old="my birthday", soft=True)),
        ("Can you remember my birthday?", None),
        ("Can you remember something for me?", Order("add", old="something")),
        ("update my timezone", Order("add", old="my timezone", soft=True)),
        ("put tea on my shopping list", Order("add", "tea", target="my shopping list", soft=True)),
        ("add a line to the shop list: tea",
         Order("add", "tea", target="the shop list", soft=True)),
        ("make a list called camping: tent",
         Order("add", "tent", target="camping list", soft=True)),
        ("start a packing list", Order("add", "nothing", target="packing list", soft=True)),
        ("Change my job to baker", Order("set", "baker", "my job")),
        ("my job should be baker", Order("set", "baker", "my job")),
        ("In the prices block, set cake to 5", Order("set", "5", "cake", "the prices block")),
        ("mark pay rent as done", Order("set", "(done)", "pay rent", soft=True)),
        ("save me as Al", None),
        ("save my name as Al", Order("set", "Al", "my name")),
        ("swap tea for coffee", Order("replace", "coffee", "tea", soft=True)),
        ("change your tone from dry to warm in your persona",
         Order("replace", "warm", "dry", "your persona")),
        ("forget my gym", Order("remove", old="my gym")),
        ("delete the note about calls", Order("remove", old="calls", target="the note")),
        ("take tea off the list", Order("remove", old="tea", target="the list", soft=True)),
        ("get rid of the car", Order("remove", old="the car", soft=True)),
        ("remove everything from my list",
         Order("clear", old="everything", target="my list", soft=True)),
        ("forget everything", Order("clear")),
        ("set your persona to: I am Al.", Order("clear", "I am Al.", target="your persona")),
        ("delete that", Order("undo", soft=True)),
        ("put it back", Order("undo", "back", soft=True)),
        ("restore the castle", None),
        ("forget it", None),
        ("set a timer for 5 minutes", None),
        ("fix my spelling: I has tea", None),
        ("Can you save files?", None),
        ("Will you remember this?", None),
        ("Change is good.", None),
        ("I like tea.", None),
    ],
)  # fmt: skip
def test_an_order_has_many_wordings(said: str, order: Order | None) -> None:
    assert memory_order(said) == order


def test_an_order_with_a_colon_takes_the_statements_behind_it() -> None:
    (found,) = memory_orders("Remember this: I like tea. I live in Rome. Thanks!")
    assert found[0] == Order("add", "I like tea. I live in Rome.")


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("I ate the pie, so cross it off", ("I ate the pie.", "so cross it off")),
        ("forget my gym, I moved", ("forget my gym.", "I moved")),
        ("set my size to M and remember I sing", ("set my size to M.", "and remember I sing")),
        ("I logged 5 under food, note: pizza", ("I logged 5 under food, note: pizza",)),
        ("remember: I sing, forget my gym", ("remember: I sing, forget my gym",)),
    ],
)
def test_an_order_is_parted_from_what_is_told(said: str, parts: tuple[str, ...]) -> None:
    assert parted(said) == parts
