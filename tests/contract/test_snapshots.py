"""Going back to what a world was while clients talk to it."""

import pytest
from letta_client import NotFoundError
from letta_client.types.agents.letta_streaming_response import LettaStopReason

from mockletta.files.snapshots import reset, restore, snapshot
from mockletta.world.pace import Pace
from tests.contract.conftest import Serve, sync_client
from tests.contract.talk import agent_with_memory, conversation_of, history, say


def test_whoever_follows_a_turn_is_told_that_a_reset_cancelled_it(serve: Serve) -> None:
    mock = serve(pace=Pace(ttft=600))
    with sync_client(mock) as client:
        conversation = conversation_of(client, agent_with_memory(client))
        stream = client.conversations.messages.create(conversation, input="Hello!")
        assert next(stream).message_type == "ping"

        reset(mock.world)

        [end] = stream
        assert isinstance(end, LettaStopReason)
        assert end.stop_reason == "cancelled"
        with pytest.raises(NotFoundError):
            client.conversations.retrieve(conversation)


def test_a_conversation_goes_on_from_where_it_was(serve: Serve) -> None:
    mock = serve()
    with sync_client(mock) as client:
        conversation = conversation_of(client, agent_with_memory(client))
        say(client, conversation, "My name is Ada.")
        taken, before = snapshot(mock.world), history(client, conversation)
        say(client, conversation, "My name is Bea.")

        restore(mock.world, taken)

        assert history(client, conversation) == before
        assert say(client, conversation, "What is my name?") == "Your name is Ada."
