"""What a world keeps of rows that are deleted."""

import httpx

from mockletta.files.snapshots import restore, snapshot
from mockletta.testing.mock_letta import MockLetta
from tests.worlds import containers, make_agent, make_conversation, say


def create_and_delete(mock: MockLetta, client: httpx.Client) -> None:
    """Create an agent, use whatever has an index or a memory of its own, and delete all of it."""
    agent = make_agent(mock.world)
    conversation = make_conversation(mock.world, agent, "human")
    for reference in (conversation.id, agent.id):
        say(mock.world, reference, "My name is Sam.", background=True)
    client.get(f"/v1/conversations/{conversation.id}/messages")
    client.get(f"/v1/conversations/?agent_id={agent.id}&order_by=last_message_at")
    client.get("/v1/agents/?query_text=A&order_by=last_run_completion&tags=one")
    client.patch(f"/v1/agents/{agent.id}/core-memory/blocks/human", json={"value": "Ann"})
    [block] = mock.world.store.blocks_of(agent.id)
    client.delete(f"/v1/agents/{agent.id}")
    client.delete(f"/v1/blocks/{block.id}")


def test_nothing_stays_of_what_is_deleted() -> None:
    with (
        MockLetta(port=None) as mock,
        httpx.Client(transport=mock.transport(), base_url=mock.base_url) as client,
    ):
        create_and_delete(mock, client)
        kept = containers(mock.world)
        create_and_delete(mock, client)
        create_and_delete(mock, client)

        assert containers(mock.world) == kept


def test_a_restored_world_forgets_the_blocks_that_it_no_longer_has() -> None:
    with (
        MockLetta(port=None) as mock,
        httpx.Client(transport=mock.transport(), base_url=mock.base_url) as client,
    ):
        kept, empty = mock.world.block_history, snapshot(mock.world)
        [block] = mock.world.store.blocks_of(make_agent(mock.world).id)
        client.patch(f"/v1/blocks/{block.id}", json={"value": "Ann"})
        assert kept.count(block.id) == 1

        mock.world.run(lambda: restore(mock.world, empty))

    assert (kept.count(block.id), kept.bytes) == (0, 0)
