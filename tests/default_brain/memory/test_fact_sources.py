"""What was told, of which a conversation keeps what its first messages tell."""

import pytest

from mockletta.brain.decisions import ChatMessage, ModelCall
from mockletta.default_brain.memory import fact_sources
from mockletta.default_brain.memory.fact_sources import Sources, told_in
from mockletta.default_brain.memory.knowledge import Told

HELD = frozenset({"list"})
TEXTS = [
    "My list: tea, rope",
    "I have three dogs called Ada, Bo and Cy.",
    "I live in Bonn.",
    "Where do I work?",
    "at SAP",
    "I sold the Kia and bought a Fiat.",
    "I moved to Rome.",
    "Take tea off my list.",
    "Scratch that, only 2 dogs.",
    "Forget my dogs.",
]


def told_one_by_one(texts: list[str]) -> Told:
    told = Told(held=HELD)
    for text in texts:
        told.take(text)
    return told


@pytest.mark.parametrize("longest", [0, 80, 50_000])
def test_what_is_kept_of_older_messages_changes_nothing(
    longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fact_sources, "AT_ONCE", 3)
    monkeypatch.setattr(fact_sources, "LONGEST_KEPT", longest)
    for end in range(len(TEXTS) + 1):
        assert told_in(TEXTS[:end], HELD) == told_one_by_one(TEXTS[:end])
    assert told_in(TEXTS[:4], HELD) == told_one_by_one(TEXTS[:4])


def test_only_the_newest_of_very_many_messages_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fact_sources, "AT_ONCE", 3)
    monkeypatch.setattr(fact_sources, "MOST", 7)
    assert told_in(TEXTS, HELD) == told_one_by_one(TEXTS[3:])


def test_only_the_newest_sections_that_a_client_added_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fact_sources, "MOST_SECTIONS", 1)
    texts = (f"<context>The {thing} is red.</context>\nHi" for thing in ("door", "wall"))
    call = ModelCall("reply", "", "", [ChatMessage("user", text) for text in texts])
    assert [fact.text for fact in Sources(call).added] == ["The wall is red."]
