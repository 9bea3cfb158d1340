"""Messages and their envelopes."""

import pytest

from mockletta.brain.history import added_sections, is_alert, newest, own_words, said
from tests.default_brain.asking import user


def test_a_packed_message_is_unpacked() -> None:
    message = user('{"type": "user_message", "message": "I am Al"}')
    assert said(message) == "I am Al"
    assert not is_alert(message)


def test_what_looks_like_an_envelope_and_is_none_is_text() -> None:
    for text in ('{"type": "x"}', '{"type": broken}', '["type"]', '{"type": 1, "message": 2}'):
        assert said(user(text)) == text


def test_a_heartbeat_is_an_alert() -> None:
    beat = user('{"type": "heartbeat", "message": "continue"}')
    assert newest([user("Hi"), beat]) == 0
    assert newest([beat]) is None


@pytest.mark.parametrize("text", ["<page>Home</page>\nHi", "Hi\n<page>Home</page>"])
def test_a_section_on_lines_of_its_own_was_added_by_the_client(text: str) -> None:
    assert (own_words(text), added_sections(text)) == ("Hi", ("Home",))


@pytest.mark.parametrize("text", ["Make <page>this</page> bold", "Close <page> with </other>"])
def test_a_section_within_a_sentence_and_one_without_an_end_are_the_users(text: str) -> None:
    assert (own_words(text), added_sections(text)) == (text, ())
