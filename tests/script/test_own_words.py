"""Conditions and templates on the user's own words, apart from what the client added."""

import pytest

from mockletta.brain.decisions import ChatMessage, ModelCall, Skill
from mockletta.script.conditions import conditions
from mockletta.script.reply_functions import turn_as_json
from mockletta.script.script_models import RuleConditions
from mockletta.script.template_texts import facts_of
from mockletta.script.turn_view import TurnView

REMINDER = "<system-reminder>\nThe user is on the pricing page.\n</system-reminder>"


def view_of(*texts: str) -> TurnView:
    messages = [ChatMessage("user", text) for text in texts]
    return TurnView(ModelCall("reply", "m", "Be kind.", messages, skills=(Skill("pdf", "Reads."),)))


def holds(view: TurnView, **when: object) -> bool:
    (condition,) = conditions(RuleConditions.model_validate(when))
    return condition.holds(view) is not None


@pytest.mark.parametrize(
    "text",
    [f"{REMINDER}\nhello", f"hello\n{REMINDER}", '{"type": "user_message", "message": "hello"}'],
)
def test_a_text_condition_matches_the_users_own_words(text: str) -> None:
    view = view_of(text)
    assert holds(view, text={"exact": "hello"})
    assert holds(view, text="/^hello$/")
    assert not holds(view, text="pricing")


def test_a_condition_that_names_a_tag_matches_all_that_was_sent() -> None:
    view = view_of(f"{REMINDER}\nhello")
    assert holds(view, text="/<system-reminder>.*pricing/s")
    assert holds(view, raw_text="pricing")
    assert not holds(view, raw_text={"exact": "hello"})


def test_of_several_messages_the_last_with_words_of_the_user_counts() -> None:
    assert view_of("hello", REMINDER).text == "hello"
    assert view_of(REMINDER).text == ""


def test_what_a_brain_of_ones_own_is_given_has_both_texts_and_the_skills() -> None:
    view = view_of(f"{REMINDER}\nhello")
    given = turn_as_json(view.call)
    assert (given["text"], given["raw_text"]) == ("hello", f"{REMINDER}\nhello")
    assert given["skills"] == [{"name": "pdf", "description": "Reads."}]
    assert given["response_format"] is None
    names = frozenset(
        ["raw_message", "skills", "system", "tools", "role", "images", "model", "purpose"]
    )
    assert facts_of(view)(names | {"response_format"}) == {
        "raw_message": f"{REMINDER}\nhello",
        "skills": ["pdf"],
        "system": "Be kind.",
        "tools": [],
        "role": "user",
        "images": 0,
        "model": "m",
        "purpose": "reply",
        "response_format": None,
    }
    assert view.skills == (Skill("pdf", "Reads."),)
