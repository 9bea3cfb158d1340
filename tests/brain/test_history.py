"""Messages and their envelopes."""

from mockletta.brain.history import is_alert, newest, said
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
