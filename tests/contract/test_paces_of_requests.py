"""A request can ask for a pace of its own."""

import pytest
from letta_client import BadRequestError, Letta

from mockletta import MockLetta
from tests.contract.talk import MODEL, conversation_of, kinds


def pieces(client: Letta, conversation: str, pace: str) -> list[str | None]:
    stream = client.conversations.messages.create(
        conversation,
        input="Say 'one two three four'",
        stream_tokens=True,
        include_pings=False,
        extra_headers={"X-Mockletta-Pace": pace},
    )
    return kinds(stream)


def test_a_request_is_answered_at_its_own_pace() -> None:
    with MockLetta(freeze="now") as mock, mock.client() as client:
        conversation = conversation_of(client, client.agents.create(model=MODEL).id)

        assert pieces(client, conversation, "chunk=2").count("assistant_message") == 2
        assert pieces(client, conversation, "ttft=9, jitter=1").count("assistant_message") == 4


def test_a_pace_that_cannot_be_is_refused_and_changes_nothing() -> None:
    with MockLetta() as mock, mock.client() as client:
        conversation = conversation_of(client, client.agents.create(model=MODEL).id)

        with pytest.raises(BadRequestError, match="X-Mockletta-Pace: expected a pace such as"):
            pieces(client, conversation, "fast")

        assert [run.id for run in client.runs.list()] == []
