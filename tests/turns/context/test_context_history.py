"""The context as a brain reads it, and the alerts that are packed in it."""

from datetime import UTC, datetime

import pytest

from mockletta.state.message_records import MessageRecord
from mockletta.turns.context.context_history import History, alert_message, pack_alert


def record(number: int) -> MessageRecord:
    return MessageRecord(
        id=f"message-{number}",
        role="user" if number else "system",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        agent_id="agent-1",
        conversation_id=None,
        content=f"text {number}",
        tokens=1,
    )


@pytest.fixture
def history() -> History:
    """Three messages: two are stored behind the system message, one is not stored yet."""
    return History([record(number) for number in range(3)], [record(3)])


def test_the_system_message_is_not_among_the_messages(history: History) -> None:
    assert [message.text for message in history] == ["text 1", "text 2", "text 3"]


def test_a_history_is_cut_like_a_list(history: History) -> None:
    assert [message.text for message in history[1:]] == ["text 2", "text 3"]
    assert [message.text for message in history[::-2]] == ["text 3", "text 1"]


@pytest.mark.parametrize("place", [3, -4])
def test_there_is_nothing_beyond_the_ends(history: History, place: int) -> None:
    with pytest.raises(IndexError):
        history[place]


@pytest.mark.parametrize("text", ["Hello", "{not JSON", '{"type": "login"}', "[1]", "{}"])
def test_only_alerts_have_a_message(text: str) -> None:
    assert alert_message(text) is None


def test_an_alert_is_unpacked_as_it_was_packed() -> None:
    assert alert_message(pack_alert("Grüße", "now", {"n": 1})) == "Grüße"
