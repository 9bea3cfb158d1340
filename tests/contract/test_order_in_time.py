"""Messages are listed in the order of their creation, in which nothing is older than the last."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import pytest
from letta_client import Letta

from mockletta.brain.decisions import Decision, ModelCall, ModelFailure
from tests.contract.conftest import Serve, sync_client
from tests.contract.sdk import needs
from tests.contract.steps import Steps, approval, calling, guarded
from tests.contract.talk import agent_with_memory, conversation_of, kinds, oldest_first, reply

Ticking = Callable[[Steps], Letta]


class Overflows(Steps):
    """Steps, before the one of this number of which the context is too long once."""

    def __init__(self, number: int, *decisions: Decision) -> None:
        super().__init__(*decisions)
        self.number = number

    def decide(self, call: ModelCall) -> Decision:
        if call.purpose == "summary":
            return Decision(text="S")
        self.number -= 1
        if self.number == 0:
            raise ModelFailure(kind="overflow")
        return super().decide(call)


@pytest.fixture
def ticking(serve: Serve) -> Iterator[Ticking]:
    """Clients of servers with a brain of their own, on which each second something happens."""
    with ExitStack() as clients:

        def start(brain: Steps) -> Letta:
            mock = serve(brain=brain, deterministic=True)
            mock.clock.tick = 1
            return clients.enter_context(sync_client(mock))

        yield start


def listed(client: Letta, conversation_id: str) -> Sequence[str | None]:
    """Types of a conversation's messages, none of which is older than the one before it."""
    messages = oldest_first(client, conversation_id)[1:]
    dates = [message.date for message in messages if message.date]
    assert dates == sorted(dates)
    return kinds(messages)


def test_a_message_beside_an_answer_is_younger_than_the_returns(ticking: Ticking) -> None:
    client = ticking(Steps(guarded()))
    conversation = conversation_of(client, agent_with_memory(client))
    reply(client, conversation, input="Go!")

    beside = {"role": "user", "content": "And hurry."}
    reply(client, conversation, messages=[approval(), beside])

    assert listed(client, conversation)[-3:] == [
        "tool_return_message",
        "user_message",
        "assistant_message",
    ]


def test_a_summary_is_no_younger_than_the_message_it_makes_room_for(ticking: Ticking) -> None:
    client = ticking(Overflows(2))
    conversation = conversation_of(client, agent_with_memory(client))

    reply(client, conversation, input="One.")
    reply(client, conversation, input="Two.")

    assert len(listed(client, conversation)) == 5


@needs("conversations.fork")
def test_a_fork_lists_a_summary_behind_what_is_older(ticking: Ticking) -> None:
    brain = Overflows(
        5, Decision(text="One."), Decision(text="Two."), Decision(), calling("memory")
    )
    client = ticking(brain)
    conversation = conversation_of(client, agent_with_memory(client))
    for text in ("One.", "Two.", "Three.", "Four."):
        reply(client, conversation, input=text)

    fork = client.conversations.fork(conversation).id

    kept = client.conversations.retrieve(conversation).in_context_message_ids or []
    forked = client.conversations.retrieve(fork).in_context_message_ids or []
    assert forked[1:] == kept[1:]
    assert listed(client, fork)[-1] == "assistant_message"
