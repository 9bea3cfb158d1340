"""Revisions: what a note makes untrue in a memory block."""

import pytest

from mockletta.default_brain.memory.revisions import revised

HELD = "Name: Al\nEmployer: Briggs\nLikes tea and chess."


def of_the_user(value: str, note: str, *, removes: bool = False) -> tuple[str, list[str]]:
    return revised(value, note, persona=False, removes=removes)


@pytest.mark.parametrize(
    ("note", "changed"),
    [
        ("I now work at Halden.", "Name: Al\nEmployer: Halden\nLikes tea and chess."),
        ("My name is Bo.", "Name: Bo\nEmployer: Briggs\nLikes tea and chess."),
        ("I no longer like tea.", "Name: Al\nEmployer: Briggs\nLikes chess."),
        ("I like pie, not tea.", "Name: Al\nEmployer: Briggs\nLikes pie and chess."),
        ("I don't work at Briggs anymore, I'm at Halden now.",
         "Name: Al\nEmployer: Halden\nLikes tea and chess."),
        ("You are Bo.", HELD),
        ("I sing.", HELD),
    ],
)  # fmt: skip
def test_a_note_changes_what_it_outdates(note: str, changed: str) -> None:
    assert of_the_user(HELD, note)[0] == changed


@pytest.mark.parametrize(
    ("value", "note", "changed"),
    [
        ("Plan: Starter", "The customer upgraded to the Business plan.", "Plan: Business"),
        ("Full name: Ann Daly", "My surname is Bell.", "Full name: Ann Bell"),
        ("Pet: none.", "I have a pet, a cat.", "Pet: a cat."),
        ("Our launch is on 5 May.", "The launch is on 9 May.", "Our launch is on 9 May."),
        ("I am vegan and my size is L.", "My size is S.", "I am vegan and my size is S."),
        ("Our launch is on 5 May.", "The launch party is on 9 May.", "Our launch is on 5 May."),
    ],
)
def test_a_value_goes_where_the_old_one_stood(value: str, note: str, changed: str) -> None:
    assert of_the_user(value, note)[0] == changed


def test_what_changes_nothing_is_left_over() -> None:
    assert of_the_user("City: Rome", "I moved to Ulm and my cat is Tom.") == (
        "City: Ulm",
        ["my cat is Tom."],
    )


def test_what_is_denied_leaves_the_list_of_its_key() -> None:
    assert of_the_user("Likes: tea, pie\npie, tea", "I no longer like pie.") == (
        "Likes: tea\npie, tea",
        [],
    )


def test_what_is_denied_is_removed_or_replaced() -> None:
    note = "I do not work at Briggs anymore."
    assert of_the_user(HELD, note, removes=True)[0] == "Name: Al\nLikes tea and chess."
    assert of_the_user("Employer: Briggs", note)[0] == note


def test_what_a_note_shares_with_what_it_denies_is_written_once() -> None:
    told = of_the_user("Allergic to nuts.\n-", "I am allergic to eggs, not nuts.")
    assert told == ("Allergic to eggs.\n-", [])


def test_only_what_is_told_of_the_agent_changes_its_persona() -> None:
    for note, persona in (("I am a baker.", "I am a cook."), ("You are a baker.", "I am a baker.")):
        assert revised("I am a cook.", note, persona=True, removes=False)[0] == persona


def test_what_is_told_twice_changes_once() -> None:
    note = "I don't like tea. I don't like tea."
    assert of_the_user("My name is Al. I like tea.", note) == (
        "My name is Al. I do not like tea.",
        [],
    )
    assert of_the_user("I do not like tea.", "I don't like tea.")[0] == "I do not like tea."
