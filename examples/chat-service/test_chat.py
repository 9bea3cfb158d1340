"""The tests of the chat service: they need no network and no key."""

from collections.abc import Iterator

import chat
import pytest
from fastapi.testclient import TestClient

from mockletta import Mock


@pytest.fixture
def service(mockletta: Mock) -> Iterator[TestClient]:
    """The service over a new mock."""
    chat.letta.cache_clear()
    chat.conversations.clear()
    with mockletta.environ(), TestClient(chat.app) as client:
        yield client


def say(service: TestClient, user: str, text: str) -> str:
    return service.post(f"/users/{user}/messages", json={"text": text}).text


def test_the_reply_is_streamed(service: TestClient, mockletta: Mock) -> None:
    mockletta.when("opening hours").say("We open at nine.")

    assert say(service, "alice", "What are your opening hours?") == "We open at nine."
    [sent] = mockletta.journal.all("conversations.messages.create")
    assert sent.body["stream_tokens"] is True


def test_users_do_not_see_each_other(service: TestClient, mockletta: Mock) -> None:
    say(service, "alice", "My name is Alice.")
    say(service, "bob", "My name is Bob.")

    assert "Alice" in say(service, "alice", "What is my name?")
    assert "Bob" in say(service, "bob", "What is my name?")
    mockletta.journal.expect("agents.create", times=1)


def test_the_user_is_told_of_a_rate_limit(service: TestClient, mockletta: Mock) -> None:
    mockletta.faults.add("conversations.messages.create", status=429, retry_after=0)

    assert say(service, "alice", "Hello!") == "Please try again later."
    mockletta.verdict().assert_clean()
